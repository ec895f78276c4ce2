import Foundation
import Kernel
import Lab
import UnixSignals

/// Looks at several nodes at once, again and again, until the time is up or a signal comes.
struct StatusPoller: Sendable {
    let places: [RPCAddress]
    let interval: Duration
    let length: Duration
    let file: SampleFile?
    let console: Console

    /// Every look that was made.
    ///
    /// - Throws: a failure where nobody answers the first look, and where two nodes are of different networks.
    func run() async throws -> [StatusSample] {
        // One clock for all looks, which nobody can set: the wall's reading at the start, and what has passed since.
        let origin = WallTime.now.milliseconds
        let start = ContinuousClock.now
        let first = try await round(origin, start)
        try check(first)
        return try await withThrowingTaskGroup(of: [StatusSample]?.self) { group in
            group.addTask { try await repeatRounds(after: first, origin, start) }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { break }
                return nil
            }
            // Whichever comes first, the time's end or a signal, ends the other.
            while let result = try await group.next() {
                group.cancelAll()
                if let samples = result { return samples }
            }
            return first
        }
    }

    /// Rounds until the time is up or the task is cancelled.
    private func repeatRounds(
        after first: [StatusSample], _ origin: Int64, _ start: ContinuousClock.Instant
    ) async throws -> [StatusSample] {
        var samples = first
        var next = start + interval
        while next <= start + length {
            do {
                try await Task.sleep(until: next, clock: .continuous)
            } catch {
                // Cancelled: what there is, is the recording.
                break
            }
            samples += try await round(origin, start)
            if console.isTerminal {
                let passed = Int((ContinuousClock.now - start) / .seconds(1))
                console.writeError("\r\(passed) s, \(samples.count) looks ")
            }
            // A round that took longer than the interval is no reason for a hasty one.
            while next <= ContinuousClock.now { next += interval }
        }
        if console.isTerminal { console.writeError("\r") }
        warnOfOffset(origin, start)
        return samples
    }

    // MARK: One round

    /// Looks at every node, at all of them at the same time.
    private func round(_ origin: Int64, _ start: ContinuousClock.Instant) async throws -> [StatusSample] {
        let samples = await withTaskGroup(of: (Int, StatusSample).self) { group in
            for (index, place) in places.enumerated() {
                group.addTask { (index, await look(at: place, origin, start)) }
            }
            var found: [(Int, StatusSample)] = []
            for await sample in group { found.append(sample) }
            return found.sorted { $0.0 < $1.0 }.map(\.1)
        }
        try file?.add(samples)
        return samples
    }

    private func look(at place: RPCAddress, _ origin: Int64, _ start: ContinuousClock.Instant) async -> StatusSample {
        let asked = ContinuousClock.now
        do {
            let status = try await Self.status(of: place, timeout: min(.seconds(5), max(.seconds(1), interval)))
            let middle = asked + (ContinuousClock.now - asked) / 2
            return StatusSample(
                atMilliseconds: origin + Self.milliseconds(middle - start), place: place.description,
                status: status.withoutStrangers()
            )
        } catch {
            return StatusSample(
                atMilliseconds: origin + Self.milliseconds(asked - start), place: place.description,
                error: "\(error)"
            )
        }
    }

    /// - Throws: an error that says in words why there is no status.
    private static func status(of place: RPCAddress, timeout: Duration) async throws -> NodeStatus {
        let answer = try await NodeClient(address: place, timeout: timeout).get("/status")
        guard answer.status == 200 else {
            throw NodeClient.Failure(message: "HTTP status \(answer.status): is it a timenode?")
        }
        do {
            return try JSONDecoder().decode(NodeStatus.self, from: Data(answer.body))
        } catch {
            throw NodeClient.Failure(message: "it answers something that this version does not understand")
        }
    }

    private static func milliseconds(_ duration: Duration) -> Int64 { duration.nanoseconds / 1_000_000 }

    // MARK: Complaints

    /// The first round tells whether the recording is worth its time.
    private func check(_ samples: [StatusSample]) throws {
        _ = try Measurements(samples)
        for sample in samples {
            guard let error = sample.error else { continue }
            console.error("warning: no answer yet from \(sample.place) (\(error)); the recording goes on without it")
        }
    }

    /// Somebody set this machine's clock: nodes on it are seen to jump, and that is right for them alone.
    private func warnOfOffset(_ origin: Int64, _ start: ContinuousClock.Instant) {
        let offset = WallTime.now.milliseconds - origin - Self.milliseconds(ContinuousClock.now - start)
        guard abs(offset) >= 1_000 else { return }
        console.error(
            "warning: this machine's clock was set by \(offset) ms during the recording, or it slept; times of the "
                + "recording go on as if it had not"
        )
    }
}

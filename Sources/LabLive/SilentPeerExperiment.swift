import Foundation
import Kernel
import Wire

/// A ``SilentPeerCase`` on the real kernel: two processes of the real program on two hosts, whose packets vanish.
package struct SilentPeerExperiment: Sendable {
    private static let queue = DispatchQueue(label: "timenode.silent-peer-experiment")

    /// Path of the `timenode` program.
    package let program: String

    package init(program: String) {
        self.program = program
    }

    /// What one run gave.
    package struct Measurement: Sendable {
        package let outcome: SilentPeerCase.Outcome
        /// When the silence really began: a busy machine is later than the case asks for.
        package let moment: SilentPeerCase.Moment
    }

    /// Runs the case once; everything it makes is gone when it returns or throws.
    ///
    /// The figure is the difference of two readings of the machine's wall clock, one of them rounded to a millisecond,
    /// and `ip` takes some milliseconds to drop: it is good to a hundredth of a second.
    ///
    /// - Throws: ``LiveError`` where the machine does not allow it or the nodes do not link.
    package func run(_ experiment: SilentPeerCase) async throws -> Measurement {
        let (pair, folder) = try await hosts(for: experiment)
        defer { pair.remove() }
        var nodes: [LiveNode] = []
        do {
            for host in NamespacePair.Host.allCases {
                let launch = LiveNode.Launch(
                    program: program, profile: folder.profile(host), overrides: experiment.overrides
                )
                nodes.append(try LiveNode(launch, on: (pair, host)))
            }
            let measurement = try await measure(experiment, survivor: nodes[0], other: nodes[1], pair)
            for node in nodes { await node.kill() }
            return measurement
        } catch {
            for node in nodes { await node.kill() }
            throw error
        }
    }

    /// Makes the hosts and the files of the nodes.
    ///
    /// Not on the threads of Swift's tasks: these are many small programs to wait for, and who waits for a moment must
    /// not be kept from it.
    private func hosts(for experiment: SilentPeerCase) async throws -> (NamespacePair, PairFolder) {
        try await withCheckedThrowingContinuation { continuation in
            Self.queue.async {
                continuation.resume(
                    with: Result {
                        let pair = try NamespacePair()
                        for host in NamespacePair.Host.allCases {
                            try pair.set("net.ipv4.tcp_retries2", to: experiment.retries, on: host)
                        }
                        return (pair, try PairFolder(for: experiment, program: program))
                    }
                )
            }
        }
    }

    private func measure(
        _ experiment: SilentPeerCase, survivor: LiveNode, other: LiveNode, _ pair: NamespacePair
    ) async throws -> Measurement {
        let since = try await wait(for: experiment.moment, survivor, other)
        let began = Self.wallClock()
        try pair.drop()
        let delay = Duration.milliseconds(Int64(began * 1_000) - since.milliseconds)
        let moment: SilentPeerCase.Moment =
            switch experiment.moment {
            case .afterLinkUp: .afterLinkUp(delay)
            case .afterAnswer: .afterAnswer(delay)
            }
        var outcome = SilentPeerCase.Outcome(seconds: nil, reason: nil)
        do {
            let end = try await survivor.events.first("the link's end", within: experiment.limit) { line in
                line.isLinkLost && line.wall.milliseconds >= Int64(began * 1_000)
            }
            outcome.seconds = Double(end.wall.milliseconds) / 1_000 - began
            outcome.reason = end.lossReason
        } catch let error as LiveError where error.code == .timedOut {}
        return Measurement(outcome: outcome, moment: moment)
    }

    /// Waits for the moment.
    ///
    /// - Returns: when that happened which the moment is counted from.
    private func wait(
        for moment: SilentPeerCase.Moment, _ survivor: LiveNode, _ other: LiveNode
    ) async throws -> WallTime {
        let limit = SilentPeerCase.preparation
        var linked: [WallTime] = []
        for node in [survivor, other] {
            linked.append(
                try await node.events.first("a link between the nodes", within: limit, where: \.isLinkUp).wall)
        }
        switch moment {
        case .afterLinkUp(let delay):
            try await Task.sleep(for: delay)
            return max(linked[0], linked[1])
        case .afterAnswer(let delay):
            let answer = try await survivor.events.first(
                "an answer of the other node", within: limit, where: \.isAnswer)
            try await Task.sleep(for: delay)
            return answer.wall
        }
    }

    /// Seconds since 1970, on the clock that the nodes' events are dated by.
    private static func wallClock() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

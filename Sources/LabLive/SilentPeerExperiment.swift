import Foundation
import Kernel
import Wire

/// A ``SilentPeerCase`` on the real kernel: two processes of the real program on two hosts, whose packets vanish.
package struct SilentPeerExperiment: Sendable {
    /// Path of the `timenode` program.
    package let program: String

    package init(program: String) {
        self.program = program
    }

    /// Runs the case once; everything it makes is gone when it returns or throws.
    ///
    /// The figure is the difference of two readings of the machine's wall clock, one of them rounded to a millisecond,
    /// and `ip` takes some milliseconds to drop: it is good to a hundredth of a second.
    ///
    /// - Throws: ``LiveError`` where the machine does not allow it or the nodes do not link.
    package func run(_ experiment: SilentPeerCase) async throws -> SilentPeerCase.Outcome {
        let pair = try NamespacePair()
        defer { pair.remove() }
        for host in NamespacePair.Host.allCases {
            try pair.set("net.ipv4.tcp_retries2", to: experiment.retries, on: host)
        }
        let folder = try PairFolder(for: experiment, program: program)
        var nodes: [LiveNode] = []
        do {
            for host in NamespacePair.Host.allCases {
                let launch = LiveNode.Launch(
                    program: program, profile: folder.profile(host), overrides: experiment.overrides
                )
                nodes.append(try LiveNode(launch, on: (pair, host)))
            }
            let outcome = try await measure(experiment, survivor: nodes[0], other: nodes[1], pair)
            for node in nodes { await node.kill() }
            return outcome
        } catch {
            for node in nodes { await node.kill() }
            throw error
        }
    }

    private func measure(
        _ experiment: SilentPeerCase, survivor: LiveNode, other: LiveNode, _ pair: NamespacePair
    ) async throws -> SilentPeerCase.Outcome {
        try await wait(for: experiment.moment, survivor, other)
        let before = Self.wallClock()
        try pair.drop()
        do {
            let end = try await survivor.log.first("the link's end", within: experiment.limit) { line in
                line.isLinkLost && line.time.milliseconds >= Int64(before * 1_000)
            }
            return SilentPeerCase.Outcome(
                seconds: Double(end.time.milliseconds) / 1_000 - before, reason: end["reason"].flatMap(Reason.init)
            )
        } catch let error as LiveError where error.code == .timedOut {
            return SilentPeerCase.Outcome(seconds: nil, reason: nil)
        }
    }

    private func wait(for moment: SilentPeerCase.Moment, _ survivor: LiveNode, _ other: LiveNode) async throws {
        let limit = SilentPeerCase.preparation
        for node in [survivor, other] {
            _ = try await node.log.first("a link between the two nodes", within: limit, where: \.isLinkUp)
        }
        switch moment {
        case .afterLinkUp(let delay):
            try await Task.sleep(for: delay)
        case .afterAnswer(let delay):
            _ = try await survivor.log.first("an answer of the other node", within: limit, where: \.isAnswer)
            try await Task.sleep(for: delay)
        }
    }

    /// Seconds since 1970, on the clock that the nodes' log lines are dated by.
    private static func wallClock() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

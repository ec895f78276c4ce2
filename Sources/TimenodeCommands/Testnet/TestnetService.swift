import Foundation
import RPC
import ServiceLifecycle
import Synchronization

/// Watches the nodes of a testnet until it is asked to stop, its time is up, its output has no reader any more, or no node
/// is left; then stops them.
final class TestnetService: Service {
    private static let interval: Duration = .seconds(2)

    private let nodes: [ChildNode]
    private let console: Console
    private let duration: Duration?
    /// Names of nodes that ended by themselves, in that order.
    private let lost = Mutex<[String]>([])

    init(nodes: [ChildNode], console: Console, duration: Duration?) {
        self.nodes = nodes
        self.console = console
        self.duration = duration
    }

    /// Whether a node ended that nobody had asked to.
    var hasLosses: Bool { lost.withLock { !$0.isEmpty } }

    func run() async throws {
        await cancelWhenGracefulShutdown { await self.watch() }
        console.print("stopping \(nodes.count { $0.state == .running }) nodes")
        await ChildNode.stop(nodes)
        console.print("stopped")
    }

    private func watch() async {
        let start = ContinuousClock.now
        var board = StatusBoard(console: console)
        // Nodes need a moment before they answer.
        try? await Task.sleep(for: min(.seconds(1), duration ?? .seconds(1)))
        while !Task.isCancelled {
            let next = ContinuousClock.now + Self.interval
            let rows = await rows()
            if Task.isCancelled { return }
            board.show(rows)
            tellLosses(on: &board)
            // Nobody would see any more how they are, nor press Ctrl-C.
            if console.hasLostReader { return }
            if nodes.allSatisfy({ $0.state != .running }) { return }
            let end = duration.map { start + $0 }
            if let end, ContinuousClock.now >= end { return }
            // Throws only when cancelled, and then the loop ends.
            try? await Task.sleep(until: min(next, end ?? next), clock: .continuous)
        }
    }

    private func rows() async -> [StatusBoard.Row] {
        await withTaskGroup(of: (Int, StatusBoard.Row).self) { group in
            for (index, node) in nodes.enumerated() {
                group.addTask { (index, await Self.row(of: node)) }
            }
            var rows: [(Int, StatusBoard.Row)] = []
            for await row in group { rows.append(row) }
            return rows.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private static func row(of node: ChildNode) async -> StatusBoard.Row {
        var info: ConsensusInfo?
        var note = node.state.inWords
        if node.state == .running {
            do {
                let answer = try await NodeClient(address: node.rpc, timeout: .seconds(1)).get("/consensus_info")
                info = try JSONDecoder().decode(ConsensusInfo.self, from: Data(answer.body))
            } catch {
                note = "no answer yet"
            }
        }
        return StatusBoard.Row(name: node.name, address: node.rpc.host, info: info, note: note)
    }

    private func tellLosses(on board: inout StatusBoard) {
        for node in nodes where node.state != .running {
            let isNew = lost.withLock { names in
                if names.contains(node.name) { return false }
                names.append(node.name)
                return true
            }
            if isNew {
                // A node that a signal ended had no time to say why.
                let why = node.state.isSignal ? "" : node.lastLogLine.map { ": \($0)" } ?? ""
                board.say("\(node.name) \(node.state.inWords)\(why) (log: \(node.logFile))")
            }
        }
    }
}

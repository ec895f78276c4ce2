import Foundation
import Kernel
import SystemErrors
import Transport
import Wire

/// A node that `run` runs, as rpc modules see it.
struct RunningNode: NodeAPI {
    /// Carries a command out, and says what became of it.
    typealias Command = @Sendable (NodeCommand) async throws(NodeAPIError) -> String

    let host: NodeHost
    let monitor: NodeMonitor
    let events: EventHub
    let advertised: Endpoint
    /// Lines that the reader of the log did not take.
    let droppedLogLines: @Sendable () -> UInt64
    let command: Command

    func status(_ detail: StatusDetail) async -> NodeStatus {
        let snapshot = detail == .links ? await host.measuredSnapshot() : host.snapshot
        return monitor.status(of: snapshot, advertised: advertised, droppedLogLines: droppedLogLines())
    }

    func isAlive(within limit: Duration) async -> Bool { await host.doesTurn(within: limit) }

    func events(buffering limit: Int) throws(NodeAPIError) -> NodeEvents { try events.events(buffering: limit) }

    func submit(_ transaction: [UInt8]) async throws(NodeAPIError) -> SubmissionResult {
        do {
            return try await host.submit(transaction)
        } catch {
            throw NodeAPIError(.failed, SystemErrorText.of(error))
        }
    }

    func query(_ question: NodeQuery) async throws(NodeAPIError) -> [UInt8] {
        throw NodeAPIError(.notSupported, "no application of this node answers questions")
    }

    func perform(_ command: NodeCommand, for caller: NodeCaller) async throws(NodeAPIError) -> String {
        try caller.expectPermission(for: command)
        return try await self.command(command)
    }
}

extension RunningNode {
    /// Carries out what an rpc module's caller asks of the process: what a signal would do.
    static func signals(to file: RecordingFile?) -> Command {
        { (command) throws(NodeAPIError) in
            switch command {
            case .reload:
                kill(getpid(), SIGHUP)
                return "reading the profile and the network file anew; the log and 'reload.json' say what becomes of it"
            case .writeRecording:
                guard let file else {
                    throw NodeAPIError(.notSupported, "nothing is recorded; start the node with '--record'")
                }
                guard file.write() else {
                    throw NodeAPIError(.failed, "the trace could not be written; the log says why")
                }
                return "wrote \(file.path)"
            case .stop:
                kill(getpid(), SIGTERM)
                return "stopping"
            }
        }
    }
}

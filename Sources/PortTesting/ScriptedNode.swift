import Kernel
import Synchronization
import Transport
import Wire

/// A node for the trial of an rpc module: it says what it is told to say, and remembers what it was asked for.
public final class ScriptedNode: NodeAPI {
    private struct State {
        var status: NodeStatus
        var isAlive = true
        var commands: [NodeCommand] = []
        var questions = 0
        var transactions: [[UInt8]] = []
        var verdict = SubmissionResult.refused(SubmissionRefusal(.noApplication, "this node has no application"))
    }

    private let state: Mutex<State>
    private let hub = EventHub()

    public init(_ status: NodeStatus) {
        state = Mutex(State(status: status))
    }

    /// What the node says its status is, from now on.
    public func say(_ status: NodeStatus) { state.withLock { $0.status = status } }

    /// Whether the node's event loop is said to run.
    public func say(isAlive: Bool) { state.withLock { $0.isAlive = isAlive } }

    /// What becomes of transactions, from now on; before that, the node has no application.
    public func say(_ verdict: SubmissionResult) { state.withLock { $0.verdict = verdict } }

    /// The transactions that were handed in.
    public var transactions: [[UInt8]] { state.withLock { $0.transactions } }

    /// Something happens in the node.
    public func happen(_ event: Event, at now: Instant = .zero, wall: WallTime = WallTime(milliseconds: 0)) {
        hub.publish(event, at: now, wall: wall)
    }

    /// The node ends, and so do the sequences of its events.
    public func end() { hub.close() }

    /// The commands that it was given by callers who may.
    public var commands: [NodeCommand] { state.withLock { $0.commands } }

    /// How often its status was asked for.
    public var questions: Int { state.withLock { $0.questions } }

    // MARK: NodeAPI

    public func status(_ detail: StatusDetail) async -> NodeStatus {
        state.withLock { state in
            state.questions += 1
            return state.status
        }
    }

    public func isAlive(within limit: Duration) async -> Bool { state.withLock { $0.isAlive } }

    public func events(buffering limit: Int) throws(NodeAPIError) -> NodeEvents { try hub.events(buffering: limit) }

    public func submit(_ transaction: [UInt8]) async throws(NodeAPIError) -> SubmissionResult {
        state.withLock { state in
            state.transactions.append(transaction)
            return state.verdict
        }
    }

    public func query(_ question: NodeQuery) async throws(NodeAPIError) -> [UInt8] {
        throw NodeAPIError(.notSupported, "this node answers no questions")
    }

    public func perform(_ command: NodeCommand, for caller: NodeCaller) async throws(NodeAPIError) -> String {
        try caller.expectPermission(for: command)
        state.withLock { $0.commands.append(command) }
        return "done"
    }
}

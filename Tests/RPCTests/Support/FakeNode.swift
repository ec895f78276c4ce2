import Synchronization
import Wire

@testable import Kernel

/// A node that says what a test wants.
final class FakeNode: NodeAPI {
    private let state: Mutex<(status: NodeStatus, isAlive: Bool, questionsOfLinks: Int)>

    init(_ status: NodeStatus = StatusFixture.status(), isAlive: Bool = true) {
        state = Mutex((status, isAlive, 0))
    }

    /// How often the status was asked for with its links.
    var questionsOfLinks: Int { state.withLock { $0.questionsOfLinks } }

    func status(_ detail: StatusDetail) async -> NodeStatus {
        state.withLock { state in
            if detail == .links { state.questionsOfLinks += 1 }
            return state.status
        }
    }

    func isAlive(within limit: Duration) async -> Bool { state.withLock { $0.isAlive } }

    func events(buffering limit: Int) throws(NodeAPIError) -> NodeEvents { NodeEvents { nil } }

    func submit(_ transaction: [UInt8]) async throws(NodeAPIError) -> SubmissionResult {
        .refused(SubmissionRefusal(.noApplication, "no"))
    }

    func query(_ question: NodeQuery) async throws(NodeAPIError) -> [UInt8] { throw NodeAPIError(.notSupported, "no") }

    func perform(_ command: NodeCommand, for caller: NodeCaller) async throws(NodeAPIError) -> String {
        throw NodeAPIError(.notSupported, "no")
    }
}

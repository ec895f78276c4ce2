import Kernel
import Logging
import PortTesting
import ServiceLifecycle
import Synchronization
import Testing
import Wire

@testable import TimenodeCommands

@Suite("Keeping an rpc module's service running", .timeLimit(.minutes(1))) struct PortServiceTests {
    /// A service that ends as a test wants, start by start.
    private final class Script: Sendable {
        enum Step: Sendable {
            /// It never serves.
            case fails
            /// It serves and then ends by an error.
            case servesAndFails
            /// It serves and then ends without one.
            case servesAndEnds
            /// It serves until it is told to end.
            case serves
        }

        struct Broken: Error, CustomStringConvertible {
            var description: String { "broken" }
        }

        private let steps: [Step]
        private let state = Mutex((starts: [Endpoint?](), pauses: [Duration]()))
        let endpoint = Endpoint(ip: IPAddress(version4: 127 << 24 | 1), port: 4_711)

        init(_ steps: [Step]) { self.steps = steps }

        /// Where each start was told to listen.
        var starts: [Endpoint?] { state.withLock { $0.starts } }
        var pauses: [Duration] { state.withLock { $0.pauses } }

        func note(pause: Duration) { state.withLock { $0.pauses.append(pause) } }

        func next(_ listen: Endpoint?) -> Step {
            state.withLock { state in
                state.starts.append(listen)
                return steps[min(state.starts.count, steps.count) - 1]
            }
        }
    }

    private struct Scripted: RPCService {
        let script: Script
        let setting: RPCSetting

        func run() async throws {
            let step = script.next(setting.listen)
            if step == .fails { throw Script.Broken() }
            await setting.onRunning(script.endpoint)
            switch step {
            case .fails, .servesAndFails: throw Script.Broken()
            case .servesAndEnds: return
            case .serves:
                let (ends, end) = AsyncStream.makeStream(of: Void.self)
                await withTaskCancellationHandler {
                    for await _ in ends {}
                } onCancel: {
                    end.finish()
                }
            }
        }
    }

    private func service(_ script: Script) -> PortService {
        let zero = Endpoint(ip: IPAddress(version4: 127 << 24 | 1), port: 0)
        let port = RPCPort(module: "scripted", listen: zero) { _, setting in Scripted(script: script, setting: setting)
        }
        var service = PortService(
            port: port, node: ScriptedNode(RPCFixture.status),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        service.sleep = { pause in
            script.note(pause: pause)
            await Task.yield()
        }
        return service
    }

    /// Runs a service by a script until its last step, then ends it.
    private func run(_ script: Script, steps: Int) async throws {
        let task = Task { try await service(script).run() }
        while script.starts.count < steps, !task.isCancelled { await Task.yield() }
        task.cancel()
        try await task.value
    }

    @Test("a service that cannot begin keeps the node from starting")
    func cannotBegin() async throws {
        await #expect(throws: Script.Broken.self) { try await service(Script([.fails])).run() }
    }

    @Test("one that ends later is started again where it was, ever later while it does not serve")
    func restarts() async throws {
        let script = Script([.servesAndFails, .fails, .fails, .servesAndEnds, .fails, .serves])
        try await run(script, steps: 6)
        #expect(script.starts.first??.port == 0)
        #expect(script.starts.dropFirst().allSatisfy { $0 == script.endpoint })
        let milliseconds = script.pauses.map {
            $0.components.seconds * 1_000 + $0.components.attoseconds / 1_000_000_000_000_000
        }
        #expect(milliseconds == [250, 500, 1_000, 250, 500])
    }

    @Test("the pause between two starts is half a minute at most")
    func longestPause() async throws {
        let script = Script([.servesAndFails] + Array(repeating: .fails, count: 12))
        try await run(script, steps: 12)
        #expect(script.pauses.max() == PortService.longestPause)
    }
}

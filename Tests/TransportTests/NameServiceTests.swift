import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Synchronization
import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite("Looking names up") struct NameServiceTests {
    /// Answers look-ups when a test says so.
    private final class Resolver: Sendable {
        private let gate = ConditionLock(value: false)
        private let looked = Mutex<[String]>([])

        func open() {
            gate.lock()
            gate.unlock(withValue: true)
        }
        var names: [String] { looked.withLock { $0 } }

        @Sendable func look(_ name: String) -> Resolution {
            looked.withLock { $0.append(name) }
            gate.lock(whenValue: true)
            gate.unlock()
            return Resolution(addresses: [IPAddress(version4: 0xc000_0201)])
        }
    }

    private func withNode(_ look: @escaping @Sendable (String) -> Resolution, _ body: (TestNode) async throws -> Void)
        async throws
    {
        let journal = Journal()
        var configuration = try TestNode.configuration(.init(), journal)
        configuration.resolver = look
        let host = NodeHost(configuration)
        let endpoint = try await host.start()
        let node = TestNode(host: host, journal: journal, identity: host.snapshot.identity, endpoint: endpoint)
        do {
            try await body(node)
            await host.shutdown()
        } catch {
            await host.shutdown()
            throw error
        }
    }

    private func resolved(_ node: TestNode, _ token: Token) async throws -> Resolution {
        try await node.journal.first {
            if case .resolved(token, let resolution) = $0 { resolution } else { nil }
        }
    }

    @Test("the host's own name has an address on this host, by the system's resolver")
    func localhost() async throws {
        try await withNode(SystemResolver.resolve) { node in
            let token = await node.act(as: NodeMachine.Slot.liveness) { $0.resolve("localhost") }
            guard case .addresses(let addresses) = try await resolved(node, token) else {
                Issue.record("localhost has no address")
                return
            }
            #expect(addresses.allSatisfy { $0 == IPAddress("127.0.0.1") || $0 == IPAddress("::1") })
            #expect(Set(addresses).count == addresses.count)
        }
    }

    @Test("the loop goes on while the resolver blocks, and the answer reaches the module that asked")
    func blocks() async throws {
        let resolver = Resolver()
        try await withNode(resolver.look) { node in
            let token = await node.act(as: NodeMachine.Slot.liveness) { $0.resolve("slow.example") }
            await node.host.announceWork(upTo: .seconds(3))
            _ = try await node.journal.first { if case .workAhead(let limit) = $0 { limit } else { nil } }
            resolver.open()
            #expect(try await resolved(node, token) == .addresses([IPAddress(version4: 0xc000_0201)]))
        }
    }

    @Test("a resolver that says nothing costs a deadline, and more names than may wait are refused")
    func limits() async throws {
        let resolver = Resolver()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let outcomes = try await loop.flatSubmit {
            let promise = loop.makePromise(of: [Resolution].self)
            let service = NIOLoopBound(NameService(on: loop, look: resolver.look), eventLoop: loop)
            let told = NIOLoopBoundBox<[Resolution]>([], eventLoop: loop)
            for number in 0...NameService.mostWaiting {
                service.value.resolve("n\(number).example", within: .milliseconds(50)) {
                    told.value.append($0)
                    if told.value.count == NameService.mostWaiting + 1 { promise.succeed(told.value) }
                }
            }
            return promise.futureResult
        }.get()
        resolver.open()
        #expect(outcomes.first == .failed(.busy))
        #expect(outcomes.dropFirst().allSatisfy { $0 == .failed(.timedOut) })
    }
}

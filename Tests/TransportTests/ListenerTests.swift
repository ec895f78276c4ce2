import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import Transport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct ListenerTests {
    @Test("a listening socket that the system took away is bound again at the same address")
    func lost() async throws {
        try await withNodes(.init()) { nodes in
            try await nodes[0].host.withDriver { $0.server }?.close().get()
            for told in ["binding again", "listening again"] {
                _ = try await nodes[0].journal.event {
                    if case .note(_, let text) = $0 { text.contains(told) ? true : nil } else { nil }
                }
            }
            let peer = try await RawPeer.connect(to: nodes[0].endpoint)
            try await peer.send([.ping(nonce: 5)])
            #expect(try await nodes[0].journal.messages(1) == [.ping(nonce: 5)])
            #expect(try await nodes[0].host.withDriver { $0.counters.door.listenerRestarts } == 1)
            await peer.close()
        }
    }

    @Test("an error of accept is counted, told once, and followed by a pause and another try")
    func noDescriptor() async throws {
        try await withNodes(.init()) { nodes in
            let reads = try await nodes[0].host.withDriver { driver in
                for _ in 0..<5 {
                    let error = IOError(errnoCode: EMFILE, reason: "accept")
                    driver.server?.pipeline.syncOperations.fireErrorCaught(error)
                }
                return try driver.server?.syncOptions?.getOption(.autoRead)
            }
            // Or the selector would report the socket again at once.
            #expect(reads == false)
            let peer = try await RawPeer.connect(to: nodes[0].endpoint)
            try await peer.send([.ping(nonce: 5)])
            #expect(try await nodes[0].journal.messages(1) == [.ping(nonce: 5)])
            let notes = nodes[0].journal.entries.count {
                if case .event(.note(.error, let text)) = $0 {
                    text.contains("no connection can be taken in")
                } else {
                    false
                }
            }
            #expect(notes == 1)
            #expect(try await nodes[0].host.withDriver { $0.counters.door.acceptErrors } == 5)
            await peer.close()
        }
    }

    @Test("where descriptors run short strangers are turned away and masternodes are not")
    func fewDescriptors() async throws {
        let member = Identity(key: Bytes32(1, 0, 0, 0))
        let setup = TestNode.Setup(
            limits: .few, masternodes: [.init(name: "a", identity: member, endpoint: Endpoint("127.0.0.9:1"))]
        )
        try await withNodes(setup) { nodes in
            let full = nodes[0].host
            let first = try await RawPeer.connect(to: nodes[0].endpoint)
            _ = try await nodes[0].journal.first { if case .accepted = $0 { true } else { nil } }
            try await full.withDriver { $0.descriptorsForStrangers = 1 }
            let stranger = try await RawPeer.connect(to: nodes[0].endpoint)
            #expect(try await stranger.messages(1) == [.goodbye(.tooManyLinks)])
            let masternode = try await RawPeer.connect(to: nodes[0].endpoint, from: "127.0.0.9")
            try await masternode.send([.ping(nonce: 5)])
            #expect(try await nodes[0].journal.messages(1) == [.ping(nonce: 5)])
            for peer in [first, stranger, masternode] { await peer.close() }
        }
    }
}

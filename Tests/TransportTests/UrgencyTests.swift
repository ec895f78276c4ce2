import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite struct UrgencyTests {
    private static let block = MessageSamples.module(.consensus, bytes: 100_000)
    private static let question = MessageSamples.module(.discovery, bytes: 3)

    /// A node with a link to a peer that reads nothing yet and whose host has room for little, and much more load on that
    /// link than all buffers hold.
    private func withLoad(
        _ setup: TestNode.Setup = .init(), _ body: (TestNode, RawPeer, LinkID) async throws -> Void
    ) async throws {
        try await withNodes(setup) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint, receiveBuffer: 64 << 10)
            try await peer.pause()
            let link = try await nodes[0].journal.first { if case .accepted(let link) = $0 { link.id } else { nil } }
            for id in 0..<60 { await nodes[0].send([.reply(id: UInt64(id), padding: 500_000)], over: link) }
            try await body(nodes[0], peer, link)
            await peer.close()
        }
    }

    @Test("what is urgent overtakes load that waits for a slow reader, and goes between two parts of it")
    func overtakes() async throws {
        try await withLoad { node, peer, link in
            await node.send([Self.question, Self.block, .ping(nonce: 1)], over: link)
            try await peer.resume()
            let messages = try await peer.messages(4)
            #expect(
                messages == [.ping(nonce: 1), Self.block, Self.question, .reply(id: 0, padding: 500_000)])
        }
    }

    @Test("load that has no room is dropped and told, and what is urgent still has all of the room")
    func dropped() async throws {
        try await withLoad(.init(sendQueueBytes: 1 << 20)) { node, peer, link in
            let cause = try await node.journal.event { event -> DropCause? in
                if case .messageDropped(link, .application, let cause) = event { cause } else { nil }
            }
            #expect(cause == .queueFull)
            for _ in 0..<9 { await node.send([Self.block], over: link) }
            await node.send([.ping(nonce: 2)], over: link)
            try await peer.resume()
            let messages = try await peer.messages(11)
            #expect(messages == [.ping(nonce: 2)] + [Message](repeating: Self.block, count: 9) + [messages[10]])
            #expect(await node.host.withNode { $0.table[link] } != nil)
        }
    }

    @Test("a link that ends says goodbye before its load, and drops that")
    func goodbye() async throws {
        try await withLoad { node, peer, link in
            await node.act {
                $0.send(.goodbye(.duplicate), over: link)
                $0.close(link, .duplicate)
            }
            try await peer.resume()
            #expect(try await peer.messages(1) == [.goodbye(.duplicate)])
            try await peer.closed()
        }
    }

    @Test("a half that is closed sends its load first")
    func halfClose() async throws {
        try await withLoad { node, peer, link in
            await node.act { $0.shutdownWrite(link) }
            try await peer.resume()
            let messages = try await peer.messages(8)
            #expect(messages == (0..<8).map { .reply(id: $0, padding: 500_000) })
        }
    }

    @Test("a stranger holds no more of a frame in parts than of one in one piece")
    func strangersParts() async throws {
        try await withNodes(.init(script: Script(marksUp: false))) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint)
            var frame = ByteBuffer()
            FrameEncoder.encode(Self.block, into: &frame)
            var parts = ByteBuffer()
            while let bytes = frame.readSlice(length: min(1000, frame.readableBytes)), bytes.readableBytes > 0 {
                FrameEncoder.encodePart(bytes, of: .urgent, into: &parts)
                if frame.readableBytes < 50_000 { break }
            }
            try await peer.send(Array(parts.readableBytesView))
            let end = try await nodes[0].journal.first { if case .ended(_, let end) = $0 { end } else { nil } }
            #expect(end == .failed(.unexpectedMessage))
            await peer.close()
        }
    }
}

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

@Suite struct EndingTests {
    @Test("after its end of stream a node still hears the other end", arguments: [TransportPort.Security.plain, .tls])
    func halfClosure(_ security: TransportPort.Security) async throws {
        let setup = TestNode.Setup(security: security, script: Script(closesAtEnd: false))
        try await withNodes(setup, setup) { nodes in
            let (link, far) = try await connect(nodes[0], nodes[1])
            await nodes[0].act {
                $0.send(Message.request(id: 1, padding: 10), over: link)
                $0.shutdownWrite(link)
            }
            let end = try await nodes[1].journal.first { if case .ended(far, let end) = $0 { end } else { nil } }
            #expect(end == .endOfStream)
            #expect(nodes[1].journal.messages == [.request(id: 1, padding: 10)])

            await nodes[1].send([.reply(id: 1, padding: 20)], over: far)
            #expect(try await nodes[0].journal.messages(1) == [.reply(id: 1, padding: 20)])

            await nodes[1].act { $0.shutdownWrite(far) }
            let answer = try await nodes[0].journal.first { if case .ended(link, let end) = $0 { end } else { nil } }
            #expect(answer == .endOfStream)
        }
    }

    @Test("the last word arrives, although the other end was sending", arguments: [TransportPort.Security.plain, .tls])
    func lastWord(_ security: TransportPort.Security) async throws {
        try await withNodes(.init(security: security), .init(security: security)) { nodes in
            let (link, far) = try await connect(nodes[0], nodes[1])
            await nodes[1].send((0..<30).map { .request(id: $0, padding: 100_000) }, over: far)
            await nodes[0].act {
                $0.send(.goodbye(.duplicate), over: link)
                $0.close(link, .duplicate)
            }
            #expect(try await nodes[1].journal.messages(1) == [.goodbye(.duplicate)])
            let end = try await nodes[1].journal.first { if case .ended(far, let end) = $0 { end } else { nil } }
            #expect(end == .endOfStream)
        }
    }

    @Test("a closed link brings no more input and leaves no socket behind")
    func closeLeavesNothing() async throws {
        try await withNodes(.init(), .init()) { nodes in
            let (link, far) = try await connect(nodes[0], nodes[1])
            await nodes[0].close(link, .notWanted)
            _ = try await nodes[1].journal.first { if case .ended(far, _) = $0 { true } else { nil } }
            for node in nodes {
                let futures = try await node.host.withDriver {
                    $0.sockets.values.compactMap { $0.channel?.closeFuture }
                }
                for future in futures { try await within { try await future.get() } }
                #expect(try await node.host.withDriver { $0.connections.isEmpty && $0.doorway.count == 0 })
            }
            let ended = nodes[0].journal.entries.contains { if case .ended = $0 { true } else { false } }
            #expect(!ended)
        }
    }

    @Test("a node that has stopped reading does not hear the end of the stream", arguments: [false, true])
    func endBehindUnread(_ shutsWrite: Bool) async throws {
        try await withNodes(.init(), .init()) { nodes in
            let (link, far) = try await connect(nodes[0], nodes[1])
            await nodes[1].act {
                $0.stopReading(far)
                if shutsWrite { $0.shutdownWrite(far) }
            }
            let gone = try await nodes[0].host.withDriver { $0.connections[link]?.channel?.closeFuture }
            await nodes[0].close(link, .notWanted)
            if let gone { try await within { try await gone.get() } }
            #expect(await nodes[1].host.withNode { $0.table[far] } != nil)
            let ended = nodes[1].journal.entries.contains { if case .ended = $0 { true } else { false } }
            #expect(!ended)
        }
    }

    @Test("a peer whose socket is reset ends the link with that reason")
    func reset() async throws {
        try await withNodes(.init()) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint)
            let link = try await nodes[0].journal.first { if case .accepted(let link) = $0 { link.id } else { nil } }
            // No linger: closing discards and resets.
            let options = try #require(peer.channel as? any SocketOptionProvider)
            try await options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
            await peer.close()
            let end = try await nodes[0].journal.first { if case .ended(link, let end) = $0 { end } else { nil } }
            #expect(end == .failed(.reset))
        }
    }

    @Test(
        "bytes that are no frames end the link with a reason at both ends",
        arguments: [
            (Array("GET / HTTP/1.1\r\n\r\n".utf8), Reason.badFrame),
            ([0, 0, 0, 0], .badFrame),
            ([0, 0, 0, 3, 1, 255, 255], .badFrame),
            ([255, 255, 255, 255, 0], .frameTooLarge),
            ([0, 0, 16, 2, 0], .frameTooLarge),
        ]
    )
    func badFrames(_ bytes: [UInt8], _ reason: Reason) async throws {
        try await withNodes(.init()) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint)
            try await peer.send(bytes)
            let end = try await nodes[0].journal.first { if case .ended(_, let end) = $0 { end } else { nil } }
            #expect(end == .failed(reason))
            #expect(try await peer.messages(1) == [.goodbye(reason)])
            try await peer.closed()
        }
    }

    @Test("what was said before a bad frame is heard")
    func goodBeforeBad() async throws {
        try await withNodes(.init()) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint)
            var buffer = ByteBuffer()
            FrameEncoder.encode(.ping(nonce: 1), into: &buffer)
            try await peer.send(Array(buffer.readableBytesView) + [0, 0, 0, 0])
            #expect(try await nodes[0].journal.messages(1) == [.ping(nonce: 1)])
            try await peer.closed()
        }
    }

    @Test("a stranger cannot make a node hold a large frame")
    func largeFrameOfStranger() async throws {
        try await withNodes(.init(script: Script(marksUp: false))) { nodes in
            let peer = try await RawPeer.connect(to: nodes[0].endpoint)
            let header: [UInt8] = [0, 16, 0, 0, Channel.consensus.rawValue]
            try await peer.send(header + [UInt8](repeating: 0, count: 8000))
            let end = try await nodes[0].journal.first { if case .ended(_, let end) = $0 { end } else { nil } }
            #expect(end == .failed(.unexpectedMessage))
            #expect(try await peer.messages(1) == [.goodbye(.unexpectedMessage)])
            try await peer.closed()
        }
    }
}

import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite struct TrafficTests {
    @Test("a message of every kind comes back unchanged and in order", arguments: [TransportPort.Security.plain, .tls])
    func echo(_ security: TransportPort.Security) async throws {
        try await withNodes(
            .init(security: security), .init(security: security, script: Script(echoes: true))
        ) { nodes in
            let (link, _) = try await connect(nodes[0], nodes[1])
            await nodes[0].send(MessageSamples.everyKind, over: link)
            #expect(try await nodes[0].journal.messages(MessageSamples.everyKind.count) == MessageSamples.everyKind)
            #expect(nodes[1].journal.messages == MessageSamples.everyKind)
        }
    }

    @Test("a message of a megabyte comes back", arguments: [TransportPort.Security.plain, .tls])
    func largeMessage(_ security: TransportPort.Security) async throws {
        try await withNodes(
            .init(security: security), .init(security: security, script: Script(echoes: true))
        ) { nodes in
            let (link, _) = try await connect(nodes[0], nodes[1])
            let message = Message.request(id: 1, padding: 1_000_000)
            await nodes[0].send([message], over: link)
            #expect(try await nodes[0].journal.messages(1) == [message])
        }
    }

    @Test("all frames of one turn leave in one write")
    func oneWrite() async throws {
        try await withNodes(.init()) { nodes in
            let node = nodes[0]
            let peer = try await RawPeer.connect(to: node.endpoint)
            let link = try await node.journal.first { if case .accepted(let link) = $0 { link.id } else { nil } }
            let messages = (0..<200).map { Message.ping(nonce: $0) }
            await node.send(messages, over: link)
            let bytes = messages.reduce(0) { $0 + $1.encodedSize }
            #expect(try await peer.reads(bytes).reduce(0, +) == bytes)
            let counters = try await node.host.withDriver { $0.counters }
            #expect(counters.writes == 1)
            #expect(counters.framesSent == 200)
            #expect(counters.bytesSent == UInt64(bytes))
            await peer.close()
        }
    }

    @Test("the messages of one read make one turn, and their answers one write")
    func oneTurn() async throws {
        try await withNodes(.init(script: Script(echoes: true))) { nodes in
            let node = nodes[0]
            let peer = try await RawPeer.connect(to: node.endpoint)
            _ = try await node.journal.first { if case .accepted = $0 { true } else { nil } }
            let before = try await node.host.withDriver { $0.counters }
            var buffer = ByteBuffer()
            for nonce in 0..<50 { FrameEncoder.encode(.ping(nonce: UInt64(nonce)), into: &buffer) }
            let bytes = buffer.readableBytes
            try await peer.send(Array(buffer.readableBytesView))
            #expect(try await peer.reads(bytes).reduce(0, +) == bytes)
            let after = try await node.host.withDriver { $0.counters }
            #expect(after.framesReceived - before.framesReceived == 50)
            #expect(after.writes - before.writes == 1)
            await peer.close()
        }
    }

    @Test("a node that stops reading leaves the rest in the host's buffers, and the sender loses declared load")
    func stopReading() async throws {
        try await withNodes(.init(sendQueueBytes: 256 << 10), .init()) { nodes in
            let (link, far) = try await connect(nodes[0], nodes[1])
            await nodes[1].act { $0.stopReading(far) }
            // More than any host's buffers hold; what does not fit is dropped, and the link lives.
            for id in 0..<400 { await nodes[0].send([.request(id: UInt64(id), padding: 100_000)], over: link) }
            let dropped = try await nodes[0].journal.event { event in
                if case .messageDropped(let dropped, let channel, let cause) = event {
                    (dropped, channel, cause)
                } else {
                    nil
                }
            }
            #expect(dropped.0 == link)
            #expect(dropped.1 == .application)
            #expect(dropped.2 == .queueFull)
            #expect(nodes[1].journal.messages.isEmpty)
            #expect(await nodes[0].host.withNode { $0.table[link] } != nil)
        }
    }

    @Test("a full queue ends the link for any channel but the application's")
    func queueFull() async throws {
        try await withNodes(.init(sendQueueBytes: 256 << 10), .init()) { nodes in
            let (link, far) = try await connect(nodes[0], nodes[1])
            await nodes[1].act { $0.stopReading(far) }
            let message = Message.module(
                RawEnvelope(channel: .consensus, scope: 1, kind: 1, body: [UInt8](repeating: 1, count: 100_000))
            )
            for _ in 0..<400 { await nodes[0].send([message], over: link) }
            let end = try await nodes[0].journal.first { if case .ended(link, let end) = $0 { end } else { nil } }
            #expect(end == .failed(.queueFull))
        }
    }

    @Test(
        "a write deadline ends a link whose other end reads nothing, and none where nothing waits",
        arguments: [TransportPort.Security.plain, .tls])
    func writeDeadline(_ security: TransportPort.Security) async throws {
        try await withNodes(.init(security: security, sendQueueBytes: 64 << 20), .init(security: security)) { nodes in
            let (link, far) = try await connect(nodes[0], nodes[1])
            let (idle, _) = try await connect(nodes[0], nodes[1])
            let asked = SocketOptions(writeDeadline: .milliseconds(200))
            await nodes[0].act {
                $0.setSocketOptions(asked, on: link)
                $0.setSocketOptions(asked, on: idle)
            }
            await nodes[0].send([.request(id: 1, padding: 1)], over: idle)
            await nodes[1].act { $0.stopReading(far) }
            for id in 0..<400 { await nodes[0].send([.request(id: UInt64(id), padding: 100_000)], over: link) }
            let end = try await nodes[0].journal.first { if case .ended(link, let end) = $0 { end } else { nil } }
            #expect(end == .failed(.timedOut))
            #expect(await nodes[0].host.withNode { $0.table[idle] } != nil)
        }
    }

    @Test("a shorter write deadline counts from when it is asked for, also where something waits already")
    func shorterDeadline() async throws {
        try await withNodes(.init(sendQueueBytes: 64 << 20), .init()) { nodes in
            let (link, far) = try await connect(nodes[0], nodes[1])
            await nodes[0].act { $0.setSocketOptions(SocketOptions(writeDeadline: .seconds(3600)), on: link) }
            await nodes[1].act { $0.stopReading(far) }
            for id in 0..<400 { await nodes[0].send([.request(id: UInt64(id), padding: 100_000)], over: link) }
            await nodes[0].act { $0.setSocketOptions(SocketOptions(writeDeadline: .milliseconds(200)), on: link) }
            let end = try await nodes[0].journal.first { if case .ended(_, let end) = $0 { end } else { nil } }
            #expect(end == .failed(.timedOut))
        }
    }

    @Test("a reader that takes a little at a time holds one big write up for several deadlines, and the link stays")
    func slowReader() async throws {
        try await withNodes(.init(sendQueueBytes: 64 << 20)) { nodes in
            let node = nodes[0]
            let peer = try await RawPeer.connect(to: node.endpoint)
            let link = try await node.journal.first { if case .accepted(let link) = $0 { link.id } else { nil } }
            await node.act { $0.setSocketOptions(SocketOptions(writeDeadline: .seconds(2)), on: link) }
            try await peer.pause()
            // One turn, so one write; 40 MB are more than the buffers of both hosts.
            let messages = (0..<400).map { Message.request(id: UInt64($0), padding: 100_000) }
            // Each goes out in parts.
            let bytes = messages.map(\.encodedSize).reduce(0) { sum, size in
                sum + size + Frame.partHeaderBytes * ((size + SendLimits.partBytes - 1) / SendLimits.partBytes)
            }
            await node.send(messages, over: link)
            let began = ContinuousClock.now
            var read = 0
            while read < bytes, ContinuousClock.now - began < .seconds(7) {
                // So much a second and no more, whatever the machine could do; with much less, the host's TCP would hold its
                // window shut for longer than the deadline.
                let share = Double(bytes) / 20 * ((ContinuousClock.now - began) / .seconds(1))
                if Double(read) < share { read = try await peer.readSome() } else { await Task.yield() }
            }
            #expect(read < bytes)
            try #require(await node.host.withNode { $0.table[link] } != nil)
            try await peer.resume()
            #expect(try await peer.reads(bytes).reduce(0, +) == bytes)
            await peer.close()
        }
    }

    @Test("a long message that comes bit by bit is reported while it does, and a short one is not")
    func progress() async throws {
        try await withNodes(.init(), .init()) { nodes in
            let (link, far) = try await connect(nodes[0], nodes[1])
            await nodes[0].act { $0.markUp(link, peer: nodes[1].identity) }
            await nodes[1].act { $0.markUp(far, peer: nodes[0].identity) }
            await nodes[0].send([.request(id: 1, padding: 10)], over: link)
            #expect(try await nodes[1].journal.messages(1).count == 1)
            let told = try await nodes[1].host.withDriver { $0.connections[far].map { $0.progressToldAt != nil } }
            #expect(told == false)
            // Longer than one read of the socket.
            await nodes[0].send([.request(id: 2, padding: 900_000)], over: link)
            #expect(try await nodes[1].journal.messages(2).count == 2)
            let later = try await nodes[1].host.withDriver { $0.connections[far].map { $0.progressToldAt != nil } }
            #expect(later == true)
        }
    }

    @Test("a host that answers nothing is given up when it was last heard so long ago, and one that answers is not")
    func hostSilence() async throws {
        try await withNodes(.init(), .init()) { nodes in
            let (asked, _) = try await connect(nodes[0], nodes[1])
            let (silent, _) = try await connect(nodes[0], nodes[1])
            // Nothing asks the second one, so that its host has no reason to speak.
            await nodes[0].act {
                $0.setSocketOptions(SocketOptions(hostSilence: .seconds(1)), on: silent)
                $0.setSocketOptions(
                    SocketOptions(
                        keepalive: .init(idle: .seconds(1), interval: .seconds(1), probes: nil),
                        hostSilence: .seconds(3)
                    ), on: asked
                )
            }
            let (link, end) = try await nodes[0].journal.first { entry -> (LinkID, StreamEnd)? in
                if case .ended(let link, let end) = entry { (link, end) } else { nil }
            }
            #expect(link == silent)
            #expect(end == .failed(.timedOut))
            #expect(await nodes[0].host.withNode { $0.table[asked] } != nil)
        }
    }

    @Test("long work that a host announces reaches the node as an input")
    func announcedWork() async throws {
        try await withNodes(.init()) { nodes in
            await nodes[0].host.announceWork(upTo: .seconds(3))
            let limit = try await nodes[0].journal.first { if case .workAhead(let limit) = $0 { limit } else { nil } }
            #expect(limit == .seconds(3))
        }
    }

    @Test("a message over its channel's limit is not sent, and the link goes on")
    func unencodable() async throws {
        try await withNodes(.init(), .init()) { nodes in
            let (link, _) = try await connect(nodes[0], nodes[1])
            await nodes[0].send([.request(id: 1, padding: 2_000_000), .request(id: 2, padding: 1)], over: link)
            #expect(try await nodes[1].journal.messages(1) == [.request(id: 2, padding: 1)])
            let pending = try await nodes[0].host.withDriver { $0.connections[link]?.queue.handedBytes }
            #expect(pending.map { $0 < 2_000_000 } == true)
        }
    }
}

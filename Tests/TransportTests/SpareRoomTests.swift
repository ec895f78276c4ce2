import NIOCore
import NIOEmbedded
import Testing

@testable import Transport

@Suite("What TLS keeps to write from")
struct SpareRoomTests {
    private let connection = LinkConnection(
        serial: 0, direction: .dialled, id: nil, remote: nil, expected: nil, sendLimit: 0
    )

    /// Half a KiB of 1, before 16 KiB of 2 that nobody reads.
    private var record: ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 16_384)
        buffer.writeRepeatingByte(1, count: 512)
        buffer.setRepeatingByte(2, count: 15_872, at: 512)
        return buffer
    }

    @Test("goes back to the system until the link is up, and what it wrote goes out whole")
    func handshake() throws {
        let channel = EmbeddedChannel(handler: SpareRoomHandler(connection))
        try channel.writeAndFlush(record).wait()
        let sent = try #require(try channel.readOutbound(as: ByteBuffer.self))
        #expect(sent.readableBytesView.allSatisfy { $0 == 1 } && sent.readableBytes == 512)
        #if os(Linux)
            #expect(sent.withVeryUnsafeBytes { $0.contains(0) })
        #endif
        #expect(throws: Never.self) { try channel.pipeline.syncOperations.handler(type: SpareRoomHandler.self) }
        _ = try channel.finish()
    }

    @Test("the first words of a link that is up go out too, and then nobody looks any more")
    func up() throws {
        let channel = EmbeddedChannel(handler: SpareRoomHandler(connection))
        connection.isUp = true
        for _ in 0..<2 {
            try channel.writeAndFlush(record).wait()
            #expect(try channel.readOutbound(as: ByteBuffer.self)?.readableBytes == 512)
        }
        #expect(throws: ChannelPipelineError.self) {
            try channel.pipeline.syncOperations.handler(type: SpareRoomHandler.self)
        }
        _ = try channel.finish()
    }
}

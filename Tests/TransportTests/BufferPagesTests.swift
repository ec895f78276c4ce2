import NIOCore
import Testing

@testable import Transport

@Suite struct BufferPagesTests {
    @Test("what was written stays when the memory behind it is given back, and that reads as zeros")
    func behind() {
        var buffer = ByteBufferAllocator().buffer(capacity: 65_536)
        buffer.writeRepeatingByte(1, count: 65_536)
        buffer.moveWriterIndex(to: 5_000)
        buffer.giveBackUnwrittenPages()
        #expect(buffer.readableBytesView.allSatisfy { $0 == 1 })
        let rest = buffer.withVeryUnsafeBytes { Array($0[5_000...]) }
        #if os(Linux)
            // From the first page on that begins there.
            #expect(rest.prefix { $0 == 1 }.count < 65_536 - 5_000 && rest.contains(0))
        #endif
        buffer.writeRepeatingByte(2, count: 60_536)
        #expect(buffer.getInteger(at: 65_535, as: UInt8.self) == 2)
    }

    @Test("a buffer that ends before a page does is left alone", arguments: [0, 1, 100])
    func small(_ size: Int) {
        var buffer = ByteBufferAllocator().buffer(capacity: size)
        buffer.writeRepeatingByte(1, count: size)
        buffer.giveBackUnwrittenPages()
        #expect(buffer.readableBytesView.allSatisfy { $0 == 1 } && buffer.readableBytes == size)
    }
}

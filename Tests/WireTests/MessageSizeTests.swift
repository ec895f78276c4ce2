import NIOCore
import SwiftProtobuf
import Testing

@testable import Wire

@Suite("Messages: the size is known without encoding")
struct MessageSizeTests {
    @Test("the computed size is what the encoder writes", arguments: 0..<MessageSamples.kinds)
    func size(kind: Int) {
        var generator = SeededGenerator(seed: 1000 + UInt64(kind))
        for _ in 0..<500 {
            let message = MessageSamples.message(kind: kind, using: &generator)
            #expect(message.encodedSize == encoded(message).readableBytes, "\(message)")
        }
    }

    @Test("the computed size is what the generated code writes, the hand-coded messages included")
    func sizeOfGeneratedCode() throws {
        var generator = SeededGenerator(seed: 77)
        for _ in 0..<2000 {
            let message = MessageSamples.message(using: &generator)
            let body: [UInt8] = try WireEnvelope(message).serializedBytes()
            #expect(message.encodedSize == Frame.headerBytes + body.count, "\(message)")
        }
    }
}

internal import NIOCore

/// The `ModuleEnvelope` of the schema by hand: a frame's body that carries a module's message. The bytes are those that
/// generated code would write.
enum ModuleBody {
    /// Scope, kind and body of one message, as far as they can be known without its module.
    struct Parts {
        var scope: UInt32 = 0
        var kind: UInt32 = 0
        /// Where the module's own bytes are, counted from the start of the frame's body.
        var body = 0..<0
        /// Fields of the envelope that this version does not know.
        var unknownFields = 0
    }

    /// Appends a whole frame.
    static func write(_ envelope: ModuleEnvelope, into buffer: inout ByteBuffer) {
        let content = envelope.innerSize
        let frame = Frame.headerBytes + Size.message(content)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: frame) { bytes in
            bytes.storeBytes(of: UInt32(frame - Frame.lengthBytes).bigEndian, as: UInt32.self)
            bytes[4] = envelope.channel.rawValue
            let body = UnsafeMutableRawBufferPointer(rebasing: bytes[Frame.headerBytes..<frame])
            var writer = BodyWriter(.storing(body))
            writer.put(UInt64(EnvelopeField.module.tag))
            writer.put(UInt64(content))
            writer.fixed32(1, envelope.scope)
            writer.number(2, envelope.kind)
            if envelope.bodySize > 0 {
                writer.put(3 << 3 | 2)
                writer.put(UInt64(envelope.bodySize))
                envelope.store(in: UnsafeMutableRawBufferPointer(rebasing: body[writer.count...]))
            }
            return frame
        }
    }

    /// The parts of a frame's body, nil where it is no module's message.
    static func parts(in body: UnsafeRawBufferPointer) throws(MessageFault) -> Parts? {
        var outer = BodyReader(body)
        guard try outer.next() == EnvelopeField.module.rawValue else { return nil }
        let content = try outer.range()
        guard content.upperBound == body.count else {
            throw .malformed("the body goes on after its message, 'module'")
        }
        var parts = Parts()
        var inner = BodyReader(UnsafeRawBufferPointer(rebasing: body[content]))
        while let field = try inner.next() {
            switch field {
            case 1: parts.scope = try inner.fixed32()
            case 2: parts.kind = try inner.number32()
            case 3:
                let range = try inner.range()
                parts.body = range.lowerBound + content.lowerBound..<range.upperBound + content.lowerBound
            default: break
            }
        }
        parts.unknownFields = inner.unknownFields
        return parts
    }
}

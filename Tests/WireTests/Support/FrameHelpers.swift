import NIOCore
import SwiftProtobuf

@testable import Wire

/// The bytes of one frame with this channel number and body, whatever they are.
func frame(channel: UInt8, body: [UInt8]) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.writeInteger(UInt32(body.count + 1))
    buffer.writeInteger(channel)
    buffer.writeBytes(body)
    return buffer
}

/// The frame of a generated envelope, on any channel.
func frame(_ channel: Wire.Channel, _ fill: (inout WireEnvelope) -> Void) throws -> ByteBuffer {
    var envelope = WireEnvelope()
    fill(&envelope)
    return frame(channel: channel.rawValue, body: try envelope.serializedBytes())
}

func encoded(_ message: Wire.Message) -> ByteBuffer {
    var buffer = ByteBuffer()
    FrameEncoder.encode(message, into: &buffer)
    return buffer
}

/// What a decoder makes of the whole buffer.
func decoded(_ buffer: ByteBuffer) throws -> [Wire.Message] {
    var buffer = buffer
    var decoder = FrameDecoder()
    var messages: [Wire.Message] = []
    while let message = try decoder.next(from: &buffer) { messages.append(message) }
    return messages
}

/// The error with which a decoder ends at this buffer, nil if it ends with none.
func failure(_ buffer: ByteBuffer) -> FrameError? {
    do {
        _ = try decoded(buffer)
        return nil
    } catch {
        return error as? FrameError
    }
}

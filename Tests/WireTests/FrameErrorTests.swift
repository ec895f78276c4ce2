import NIOCore
import Testing

@testable import Wire

@Suite("Frames: every bad frame is refused by name")
struct FrameErrorTests {
    @Test("a length of 0 is refused at once")
    func emptyFrame() throws {
        let error = try #require(failure(ByteBuffer(bytes: [0, 0, 0, 0])))
        #expect(error.code == .emptyFrame)
        #expect(error.reason == .badFrame)
        #expect(error.channel == nil)
    }

    @Test("a record of TLS is told from other bytes that are no frame", arguments: [21, 22] as [UInt8])
    func tlsRecord(kind: UInt8) throws {
        let error = try #require(failure(ByteBuffer(bytes: [kind, 3, 1, 2, 0])))
        #expect(error.code == .tlsRecord)
        #expect(error.reason == .tlsFailed)
        #expect(failure(ByteBuffer(bytes: [kind, 2, 1, 2, 0]))?.code == .tooLarge)
    }

    @Test("a channel without a name is refused")
    func unknownChannel() throws {
        let error = try #require(failure(ByteBuffer(bytes: [0, 0, 0, 9, 5])))
        #expect(error.code == .unknownChannel)
        #expect(error.reason == .badFrame)
        #expect(error.channel == 5)
        #expect(error.message.contains("no channel 5"))
    }

    @Test("a frame over its channel's limit is refused from its header alone", arguments: Wire.Channel.allCases)
    func tooLarge(channel: Wire.Channel) throws {
        for length in [UInt32(channel.limit + 2), UInt32.max] {
            var header = ByteBuffer()
            header.writeMultipleIntegers(length, channel.rawValue)
            let error = try #require(failure(header))
            #expect(error.code == .tooLarge)
            #expect(error.reason == .frameTooLarge)
            #expect(error.channel == channel.rawValue)
        }
        var allowed = ByteBuffer()
        allowed.writeMultipleIntegers(UInt32(channel.limit + 1), channel.rawValue)
        #expect(failure(allowed) == nil)
    }

    @Test(
        "a body that is not exactly one message is refused",
        arguments: [
            ("nothing", []),
            ("a number that never ends", [UInt8](repeating: 0xFF, count: 40)),
            ("a tag that is cut off", [0x80]),
            ("a length past the end", [0x32, 9, 9, 1]),
            ("a message as a number", [0x30, 0]),
            ("a message as 64 bits", [0x31, 0, 0, 0, 0, 0, 0, 0, 0]),
            ("a group", [0x33, 0x34]),
            ("the field number 0", [0x02, 0]),
            ("two messages", [0x32, 0, 0x3A, 0]),
            ("a message and a byte", [0x32, 0, 1]),
            ("a nonce that is cut off", [0x32, 3, 9, 1, 2]),
            ("a nonce of the wrong type", [0x32, 2, 0x0B, 0x0B]),
        ] as [(String, [UInt8])])
    func malformed(what: String, body: [UInt8]) throws {
        let error = try #require(failure(frame(channel: 1, body: body)), "\(what)")
        #expect(error.code == .malformed)
        #expect(error.reason == .badFrame)
        #expect(error.channel == 1)
    }

    @Test("text that is not UTF-8 is refused")
    func badText() throws {
        // Goodbye with the reason FF.
        let error = try #require(failure(frame(channel: 0, body: [0x2A, 3, 0x0A, 1, 0xFF])))
        #expect(error.code == .malformed)
    }

    @Test("a message on another channel than its own is refused")
    func wrongChannel() throws {
        var generator = SeededGenerator(seed: 5)
        for kind in 0..<MessageSamples.kinds - 1 {
            let message = MessageSamples.message(kind: kind, using: &generator)
            for channel in Wire.Channel.allCases where channel != message.channel {
                var buffer = encoded(message)
                buffer.setInteger(channel.rawValue, at: Frame.lengthBytes)
                let error = try #require(failure(buffer), "\(message) on \(channel)")
                #expect(error.code == (buffer.readableBytes - 5 > channel.limit ? .tooLarge : .wrongChannel))
            }
        }
    }

    @Test("an identity, hash or signature of another length is refused", arguments: [0, 1, 31, 33, 63, 65])
    func wrongLengths(count: Int) throws {
        let bytes = [UInt8](repeating: 1, count: count)
        var cases = [
            try frame(.links) { $0.helloAck.identity.append(contentsOf: bytes) },
            try frame(.links) {
                $0.hello.identity.append(contentsOf: bytes)
                $0.hello.listen.ip.append(contentsOf: [127, 0, 0, 1])
            },
        ]
        if count > 0 { cases.append(try frame(.links) { $0.proof.signature.append(contentsOf: bytes) }) }
        for buffer in cases {
            let error = try #require(failure(buffer))
            #expect(error.code == .outOfRange)
            #expect(error.reason == .badFrame)
            #expect(error.message.contains("has \(count) bytes"))
        }
    }

    @Test("a listen address that is missing, of another length, or with a port over 65535 is refused")
    func badAddress() throws {
        func hello(_ ip: [UInt8]?, port: UInt32 = 1) throws -> FrameError? {
            failure(
                try frame(.links) {
                    $0.hello.identity.append(contentsOf: [UInt8](repeating: 2, count: 32))
                    guard let ip else { return }
                    $0.hello.listen.ip.append(contentsOf: ip)
                    $0.hello.listen.port = port
                })
        }
        #expect(try hello(nil)?.code == .outOfRange)
        #expect(try hello([])?.code == .outOfRange)
        #expect(try hello([127, 0, 0])?.code == .outOfRange)
        #expect(try hello([UInt8](repeating: 1, count: 17))?.code == .outOfRange)
        #expect(try hello([127, 0, 0, 1], port: 65536)?.code == .outOfRange)
        #expect(try hello([127, 0, 0, 1], port: 65535) == nil)
        #expect(try hello([UInt8](repeating: 1, count: 16)) == nil)
    }

    @Test("a network name of 64 bytes passes, one of 65 does not")
    func networkName() throws {
        for count in [64, 65] {
            let buffer = try frame(.links) {
                $0.hello.network = String(repeating: "n", count: count)
                $0.hello.identity.append(contentsOf: [UInt8](repeating: 2, count: 32))
                $0.hello.listen.ip.append(contentsOf: [127, 0, 0, 1])
            }
            #expect(failure(buffer)?.code == (count == 64 ? nil : .outOfRange))
        }
    }

    @Test("an error names its place, and the decoder says the same ever after")
    func placeAndMemory() throws {
        var buffer = encoded(.ping(nonce: 1))
        buffer.writeBytes([0, 0, 0, 2, 1, 0xFF])
        FrameEncoder.encode(.ping(nonce: 2), into: &buffer)
        var decoder = FrameDecoder()
        #expect(try decoder.next(from: &buffer) == .ping(nonce: 1))
        var errors: [FrameError] = []
        for _ in 0..<3 {
            do throws(FrameError) {
                _ = try decoder.next(from: &buffer)
            } catch {
                errors.append(error)
            }
        }
        #expect(errors.count == 3)
        #expect(Set(errors).count == 1)
        #expect(errors[0].offset == 16)
        #expect(
            errors[0].description == "frame at stream byte 16, channel liveness: malformed: a number is cut off")
    }
}

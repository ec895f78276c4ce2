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
            ("an unknown message", [0x72, 0]),
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
        let key = [UInt8](repeating: 2, count: 32)
        var cases = [
            try frame(.links) { $0.helloAck.identity.append(contentsOf: bytes) },
            try frame(.links) {
                $0.hello.identity.append(contentsOf: bytes)
                $0.hello.listen.ip.append(contentsOf: [127, 0, 0, 1])
            },
            try frame(.consensus) { $0.tip.hash.append(contentsOf: bytes) },
            try frame(.consensus) {
                $0.block.parent.append(contentsOf: key)
                $0.block.proposer.append(contentsOf: bytes)
            },
            try frame(.consensus) {
                $0.block.parent.append(contentsOf: bytes)
                $0.block.proposer.append(contentsOf: key)
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

    @Test("a thousand blocks pass, one more does not")
    func blockCount() throws {
        var generator = SeededGenerator(seed: 2)
        let block = MessageSamples.block(using: &generator)
        let thousand = Wire.Message.blocks([Block](repeating: block, count: 1000))
        #expect(try decoded(encoded(thousand)) == [thousand])
        let more = try frame(.consensus) { $0 = WireEnvelope(.blocks([Block](repeating: block, count: 1001))) }
        let error = try #require(failure(more))
        #expect(error.code == .outOfRange)
        #expect(error.message.contains("more than 1000 blocks"))
    }

    @Test("two million empty blocks are refused before one of them is built")
    func blockFlood() throws {
        let count = 2_000_000
        var body: [UInt8] = [0x5A]
        var length = 2 * count
        while length > 127 {
            body.append(UInt8(length & 127 | 128))
            length >>= 7
        }
        body.append(UInt8(length))
        for _ in 0..<count { body += [0x0A, 0] }
        #expect(failure(frame(channel: 3, body: body))?.code == .outOfRange)
    }

    @Test("a message of the SWIM detector with a kind, a status or a subject that there is not is refused")
    func badSwim() throws {
        let key = [UInt8](repeating: 2, count: 32)
        func code(_ change: (inout WireSwim) -> Void) throws -> FrameError.Code? {
            failure(
                try frame(.liveness) {
                    $0.swim.kind = 1
                    change(&$0.swim)
                })?.code
        }
        #expect(try code { _ in } == nil)
        for kind in [UInt32(0), 5, 257, .max] { #expect(try code { $0.kind = kind } == .outOfRange) }
        // A probe names nobody, a request somebody.
        #expect(try code { $0.subject.append(contentsOf: key) } == .outOfRange)
        #expect(try code { $0.kind = 3 } == .outOfRange)
        for count in [1, 31, 33, 64] {
            #expect(
                try code {
                    $0.kind = 3
                    $0.subject.append(contentsOf: [UInt8](repeating: 2, count: count))
                } == .outOfRange)
        }
        func claim(_ status: UInt32, _ subject: Int, _ source: Int) throws -> FrameError.Code? {
            try code {
                $0.claims = [
                    WireSwimClaim.with {
                        $0.status = status
                        $0.subject.append(contentsOf: [UInt8](repeating: 2, count: subject))
                        $0.source.append(contentsOf: [UInt8](repeating: 2, count: source))
                    }
                ]
            }
        }
        #expect(try claim(3, 32, 32) == nil)
        for status in [UInt32(0), 4, 258] { #expect(try claim(status, 32, 32) == .outOfRange) }
        for count in [0, 31, 33] {
            #expect(try claim(1, count, 32) == .outOfRange)
            #expect(try claim(1, 32, count) == .outOfRange)
        }
    }

    @Test("eight claims pass, one more does not, and nine empty ones are refused before one is built")
    func claimCount() throws {
        let identity = Identity(key: Bytes32(1, 2, 3, 4))
        let claim = SwimClaim(status: .dead, subject: identity, incarnation: .max, source: identity)
        func swim(_ count: Int) -> SwimMessage {
            SwimMessage(
                kind: .request, sequence: .max, subject: identity, claims: [SwimClaim](repeating: claim, count: count))
        }
        #expect(try decoded(encoded(.swim(swim(8)))) == [.swim(swim(8))])
        #expect(Wire.Message.swim(swim(8)).encodedSize - Frame.headerBytes <= Channel.liveness.limit)
        #expect(!Wire.Message.swim(swim(9)).isEncodable)
        let more = try frame(.liveness) { $0 = WireEnvelope(.swim(swim(9))) }
        #expect(failure(more)?.code == .outOfRange)
        var empty: [UInt8] = [0xBA, 0x01, 20, 0x08, 1]
        for _ in 0..<9 { empty += [0x22, 0] }
        #expect(failure(frame(channel: 1, body: empty))?.message.contains("more than 8 claims") == true)
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

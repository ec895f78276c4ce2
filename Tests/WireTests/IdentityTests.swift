import Foundation
import NIOCore
import Testing

@testable import Wire

@Suite("Identities: a key that anybody can sign for is nobody's")
struct IdentityTests {
    /// Every encoding of a point of small order, with either sign, and every y that is not below the prime (the list of
    /// libsodium, and the rest of the range by reckoning).
    static let refused: [[UInt8]] = {
        func bytes(_ hex: String) -> [UInt8] { Bytes32(hex: hex)?.bytes ?? [] }
        let low = [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ]
        let high = (0xed...0xff).map { "\(String($0, radix: 16))\(String(repeating: "ff", count: 30))7f" }
        return (low + high).map(bytes).flatMap { key in [key, key.dropLast() + [key[31] | 0x80]] }
    }()

    private static let sound: [[UInt8]] = [
        // The base point, and numbers beside those that are refused.
        [0x58] + [UInt8](repeating: 0x66, count: 31),
        [2] + [UInt8](repeating: 0, count: 31),
        [0xeb] + [UInt8](repeating: 0xff, count: 30) + [0x7f],
        [0xed] + [UInt8](repeating: 0xff, count: 29) + [0xfe, 0x7f],
    ]

    @Test("a key of small order and a second encoding of a key are refused wherever text or bytes are read")
    func refusedEverywhere() throws {
        for bytes in Self.refused {
            let key = try #require(Bytes32(bytes))
            #expect(Identity(untrusted: key) == nil, "\(key.hex)")
            #expect(Identity(hex: key.hex) == nil)
            #expect(Identity(key: key).fault != nil)
            let json = Data("[\"\(key.hex)\"]".utf8)
            #expect(throws: DecodingError.self) { try JSONDecoder().decode([Identity].self, from: json) }
        }
        for bytes in Self.sound {
            let key = try #require(Bytes32(bytes))
            #expect(Identity(untrusted: key)?.key == key)
            #expect(Identity(hex: key.hex.uppercased())?.key == key)
        }
    }

    @Test("a frame that names such a key in any place is a bad frame")
    func frames() throws {
        for bytes in Self.refused {
            let key = Data(bytes)
            let frames = [
                try frame(.links) {
                    $0.hello.identity = key
                    $0.hello.listen.ip = Data([127, 0, 0, 1])
                },
                try frame(.links) { $0.helloAck.identity = key },
            ]
            for frame in frames {
                let error = try #require(failure(frame))
                #expect(error.code == .outOfRange)
                #expect(error.message.contains("no public key"))
            }
        }
    }

    @Test("a module's message that names such a key is refused where the module reads an identity")
    func bodies() throws {
        for (keys, isSound) in [(Self.refused, false), (Self.sound, true)] {
            for bytes in keys {
                let body = RawEnvelope(channel: .consensus, scope: 1, kind: 1, body: [10, 32] + bytes)
                var read: Identity?
                do throws(MessageFault) {
                    _ = try body.withBody { body throws(MessageFault) in
                        if try body.next() != nil { read = try body.identity() }
                    }
                    #expect(isSound)
                } catch {
                    #expect(!isSound)
                    #expect(error.code == .outOfRange)
                    #expect(error.message.contains("no public key"))
                }
                #expect(read?.key.bytes == (isSound ? bytes : nil))
            }
        }
    }
}

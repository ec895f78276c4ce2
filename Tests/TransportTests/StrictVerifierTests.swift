import Crypto
import Kernel
import Testing
import Wire

@testable import Transport

@Suite("Signatures: one encoding, one key, nobody else's")
struct StrictVerifierTests {
    private let text = Array("what is signed".utf8)

    private func check(_ signature: [UInt8], _ identity: Identity) -> SignatureCheck {
        SignatureCheck(bytes: text, signature: Signature(signature) ?? .none, identity: identity)
    }

    @Test("a signature that holds for a key of small order without anybody's secret is refused")
    func smallOrder() throws {
        let neutral = [1] + [UInt8](repeating: 0, count: 31)
        let zero = [UInt8](repeating: 0, count: 32)
        let key = try #require(Bytes32(neutral))
        // [S]B = R + [h]A holds for S = 0 with R and A the neutral point, whatever h is.
        #expect(!check(neutral + zero, Identity(key: key)).holds)
        let library = try Curve25519.Signing.PublicKey(rawRepresentation: neutral)
        #expect(library.isValidSignature(neutral + zero, for: text), "the library's own verifier takes it")
    }

    @Test("a signature whose S is not below the group's order is refused, so that nobody makes a second one of it")
    func secondForm() {
        let order: [UInt8] =
            [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14]
            + [UInt8](repeating: 0, count: 15) + [0x10]
        for _ in 0..<20 {
            let signer = Ed25519Signer(Curve25519.Signing.PrivateKey())
            var bytes = signer.sign(text).bytes
            #expect(check(bytes, signer.identity).holds)
            var carry: UInt16 = 0
            for place in 0..<32 {
                carry += UInt16(bytes[32 + place]) + UInt16(order[place])
                bytes[32 + place] = UInt8(truncatingIfNeeded: carry)
                carry >>= 8
            }
            #expect(!check(bytes, signer.identity).holds)
        }
    }

    @Test("a signature with one bit changed is refused, wherever it is")
    func changedBit() {
        let signer = Ed25519Signer(Curve25519.Signing.PrivateKey())
        let signature = signer.sign(text).bytes
        for bit in 0..<512 {
            var changed = signature
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!check(changed, signer.identity).holds)
        }
    }
}

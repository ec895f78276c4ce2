import Crypto
import Kernel
import Wire

/// Signs with the node's Ed25519 key (RFC 8032), on the event loop: a signature costs 16 µs, a hand-over to another
/// thread about as much.
public struct Ed25519Signer: Signer {
    /// The public half of the key.
    public let identity: Identity
    private let key: Curve25519.Signing.PrivateKey

    /// A signer with the node's key.
    public init(_ key: Curve25519.Signing.PrivateKey) {
        guard let bytes = Bytes32(key.publicKey.rawRepresentation) else {
            preconditionFailure("an Ed25519 public key is not 32 bytes")
        }
        self.key = key
        self.identity = Identity(key: bytes)
    }

    /// The signature of `bytes`; `.none`, which no peer accepts, where the library refuses.
    public func sign(_ bytes: [UInt8]) -> Signature {
        guard let raw = try? key.signature(for: bytes) else { return .none }
        return Signature(raw) ?? .none
    }
}

extension SignatureCheck {
    /// Whether the identity's key made the signature. Costs about 80 µs.
    ///
    /// The one verifier of the node. The library (BoringSSL) checks as RFC 8032 has it without the cofactor: it refuses an S
    /// that is not below the group's order, and compares R byte by byte with what it reckons, so that a signature has one
    /// encoding. What it leaves to us are keys for which anybody can sign.
    var holds: Bool {
        guard identity.fault == nil,
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: identity.key.bytes)
        else { return false }
        return key.isValidSignature(signature.bytes, for: bytes)
    }
}

import Kernel
import Wire

/// Wants the same peers for ever and says so once: nothing but the links policy brings a pair together again.
struct GlareWishes: DiscoveryPolicy {
    var state = NoState()
    let wishes: [Wish]

    mutating func start(_ context: inout Context) { context.want(wishes, .start) }
}

/// Signs with a hash that anybody could compute: enough among the honest.
struct GlareSigner: Signer {
    let identity: Identity

    func sign(_ bytes: [UInt8]) -> Signature { Self.signature(of: bytes, by: identity) }

    static func holds(_ check: SignatureCheck) -> Bool {
        signature(of: check.bytes, by: check.identity) == check.signature
    }

    private static func signature(of bytes: [UInt8], by identity: Identity) -> Signature {
        let state = FNV1a.hash(bytes, from: identity.key.prefix64)
        return Signature(upper: Bytes32(state, identity.key.prefix64, 0, 0), lower: .zero)
    }
}

import Kernel
import Wire

/// A signature scheme that costs nanoseconds and that no simulated node can forge, because only the scheme knows the
/// seed that every signature mixes in. It proves nothing outside one run.
struct SimulatedSignatures: Sendable {
    let seed: UInt64

    /// The identity of the node with this number.
    func identity(of number: Int) -> Identity {
        var stream = RandomStream(seed: seed, name: "identity \(number)")
        return Identity(key: Bytes32(stream.next(), stream.next(), stream.next(), stream.next()))
    }

    func signature(of bytes: [UInt8], by identity: Identity) -> Signature {
        var mixer = SplitMix64(state: FNV1a.hash(bytes, from: seed ^ identity.key.prefix64))
        return Signature(
            upper: Bytes32(mixer.next(), mixer.next(), mixer.next(), mixer.next()),
            lower: Bytes32(mixer.next(), mixer.next(), mixer.next(), mixer.next())
        )
    }

    func holds(_ check: SignatureCheck) -> Bool {
        signature(of: check.bytes, by: check.identity) == check.signature
    }
}

/// One node's hand on the scheme.
struct SimulatedSigner: Signer {
    let scheme: SimulatedSignatures
    let identity: Identity

    func sign(_ bytes: [UInt8]) -> Signature { scheme.signature(of: bytes, by: identity) }
}

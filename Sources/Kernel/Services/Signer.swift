import Wire

/// Signing as a service of the driver: Ed25519 in a real node, a cheap keyed hash in the simulator.
///
/// Verification is an effect (`Context.verify`), because a real driver does it off the event loop.
public protocol Signer: Sendable {
    /// Who signs.
    var identity: Identity { get }

    /// The signature of `bytes` under this node's key.
    func sign(_ bytes: [UInt8]) -> Signature
}

/// One question to the driver's verifier: did `identity` sign `bytes`?
public struct SignatureCheck: Sendable, Hashable {
    public let bytes: [UInt8]
    public let signature: Signature
    public let identity: Identity

    public init(bytes: [UInt8], signature: Signature, identity: Identity) {
        self.bytes = bytes
        self.signature = signature
        self.identity = identity
    }
}

import Wire

/// Something that a peer did and that no honest node does, as a module reports it with ``Context/reportMisbehaviour(_:_:)``.
public struct Misbehaviour: Sendable, Hashable {
    /// How sure it is that the peer is at fault.
    public enum Weight: UInt8, Sendable, Hashable, CaseIterable {
        /// A fault that software can have by mistake: a few of them are nothing.
        case minor
        /// Proof that the peer passes on what it has not checked, or lies: three of them are a ban.
        case serious
    }

    /// The word that logs and, where the link ends for it, the peer read.
    public var reason: Reason
    public var weight: Weight

    public init(_ reason: Reason, _ weight: Weight) {
        self.reason = reason
        self.weight = weight
    }

    /// A signature that does not hold, under something that whoever passes it on has to check first.
    public static let badSignature = Misbehaviour(.badSignature, .serious)
}

import Kernel
import Wire

/// Which end of a pair dials. Both ends compute it from the same two facts, so that they agree without a word.
public enum DirectionRule: String, Sendable, Hashable, CaseIterable {
    /// Both ends dial; crossed dials are settled by the handshake.
    case none
    /// The end whose address comes first as text: `"165.0.0.1" < "50.0.0.1"`.
    case lowerAddressText = "lower-address-text"
    /// The end with the numerically lower address dials.
    case lowerAddress = "lower-address"
    /// The end with the numerically higher address dials.
    case higherAddress = "higher-address"
    /// The end with the lower identity dials.
    case lowerIdentity = "lower-identity"
    /// A hash of the pair chooses: over many pairs no end dials more than its share (Dash uses the same idea to
    /// avoid a bias towards low keys).
    case pairHash = "pair-hash"

    /// Whether an end dials that takes its own address for one below all others; nil where addresses do not matter.
    var dialsAsLowest: Bool? {
        switch self {
        case .lowerAddressText, .lowerAddress: true
        case .higherAddress: false
        case .none, .lowerIdentity, .pairHash: nil
        }
    }

    /// One end, as the rule sees it.
    public struct End: Sendable {
        var endpoint: Endpoint
        var identity: Identity?

        public init(endpoint: Endpoint, identity: Identity?) {
            self.endpoint = endpoint
            self.identity = identity
        }
    }

    /// Whether `own` dials `peer`. What is not known cannot be compared, and then both dial: two links can be
    /// settled, none cannot.
    public func dials(from own: End, to peer: End) -> Bool {
        switch self {
        case .none: return true
        case .lowerAddressText:
            guard !own.endpoint.ip.isUnspecified else { return true }
            let (left, right) = (own.endpoint.ip.description, peer.endpoint.ip.description)
            return left == right ? own.endpoint.port < peer.endpoint.port : left < right
        case .lowerAddress:
            return own.endpoint.ip.isUnspecified || own.endpoint < peer.endpoint
        case .higherAddress:
            return own.endpoint.ip.isUnspecified || own.endpoint > peer.endpoint
        case .lowerIdentity:
            guard let mine = own.identity, let theirs = peer.identity else { return true }
            return mine < theirs
        case .pairHash:
            guard let mine = own.identity, let theirs = peer.identity else { return true }
            return PairHash.chosen(of: mine, theirs, purpose: .direction) == mine
        }
    }
}

/// A choice of one of two identities that both ends make alike and that favours neither key.
public enum PairHash {
    /// What the choice is for; each purpose chooses independently.
    public enum Purpose: UInt64, Sendable {
        /// Who dials.
        case direction = 1
        /// Whose dial survives when both dialled. Part of the wire version.
        case glare = 2
    }

    /// The chosen end; the order of the arguments does not matter.
    public static func chosen(of first: Identity, _ second: Identity, purpose: Purpose) -> Identity {
        let (low, high) = first < second ? (first, second) : (second, first)
        var mixer = SplitMix64(state: FNV1a.hash(low.key.bytes + high.key.bytes, from: purpose.rawValue))
        return mixer.next() & 1 == 0 ? low : high
    }
}

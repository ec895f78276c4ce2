import Wire

/// How the ends of a pair decide who dials, as far as the log needs to know to say why we do not.
public enum DialRule: Sendable, Hashable {
    /// By the two identities: no comparison of addresses explains it.
    case pair
    /// By the text of the two IP addresses, as the historical network did.
    case addressText(dialler: Side)
    /// By the numbers of the two addresses.
    case addressNumber(dialler: Side)

    /// Which of two addresses dials.
    public enum Side: Sendable, Hashable {
        case lower
        case higher
    }

    /// The bracket behind "Skipping outbound to …".
    func explanation(own: Endpoint, peer: Endpoint) -> String {
        let side: Side
        let isLower: Bool
        let isEqual: Bool
        switch self {
        case .pair: return "they dial: pair rule"
        case .addressText(let dialler):
            side = dialler
            isLower = own.ip.description < peer.ip.description
            isEqual = own.ip == peer.ip
        case .addressNumber(let dialler):
            side = dialler
            isLower = own < peer
            isEqual = own == peer
        }
        // We left the dial to them, so the comparison is the one under which the rule makes us wait.
        switch side {
        case .lower where isLower && !isEqual, .higher where !isLower && !isEqual: return "they dial: pair rule"
        case .lower: return "they should connect to us: \(own.ip) >= \(peer.ip)"
        case .higher: return "they should connect to us: \(own.ip) \(isEqual ? "<=" : "<") \(peer.ip)"
        }
    }
}

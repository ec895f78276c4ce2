import Collections
import Kernel
import Wire

extension SingleLink {
    /// Everything the policy remembers: bounded by the peers wanted, plus `maximumLinks` strangers.
    public struct State: Codable, Sendable {
        /// What each discovery module said last, by its place in the node.
        var wishes: OrderedDictionary<Int, [Wish]> = [:]
        var peers = Peers()
        var handshakes = Handshakes()
        var probes = Probes()
        /// What strangers have broken, and who is banned for it.
        var reputation = Reputation()
        /// What each link that is up has said lately.
        var meters = LinkMap<RateLimit.Meter>()
        /// Picks the networks that are protected from eviction; drawn when it is first needed.
        var secret: UInt64?
        /// A stranger is wanted, and as many strangers as may be are dialled or linked.
        var isOutboundFull = false
        /// What the outside was last told of how this node can be dialled.
        var dialability: Dialability?
        /// What this process says of itself, made a moment ago.
        var ownStatement: OwnStatement?
        /// Another process with this node's key is heard of.
        var conflict: KnownConflict?
        /// What others have passed on of such a process, on its way through the verifier.
        var processChecks: OrderedDictionary<Token, ProcessCheck> = [:]
        /// This host's clock less its peers', when a link last came up.
        var lastClockOffset: Duration?
    }
}

extension SingleLink.State: CheckedState {
    public var fault: String? {
        let handshakes = handshakes.underWay.values.compactMap(\.place)
        guard let wrong = (peers.named.map(\.place) + handshakes).first(where: { !peers.indices.contains($0) }) else {
            return nil
        }
        return "place \(wrong) of a peer is none of the \(peers.count) there are"
    }
}

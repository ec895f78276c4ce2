import Collections
import Kernel
import Wire

extension SingleLink {
    /// What a connection meets that comes in while `maximumLinks` handshakes are under way.
    enum CrowdRule: String, CaseIterable {
        /// It is refused, whoever it is of.
        case refuseNewcomer = "refuse-newcomer"
        /// Whoever has the most of them loses its oldest, where the newcomer's side is left with fewer even so: first
        /// among networks, then among the sites of the newcomer's own.
        case evictFromLargestGroup = "evict-from-largest-group"
    }

    /// Whether a connection that came in may begin its handshake; makes room for it where that is fair.
    ///
    /// With one limit for all, whoever opens connections fast enough has all places, and keeps out a peer that nobody
    /// can dial. Who is alone with its many cannot gain from this: its own newcomers are refused. Networks come first,
    /// for whoever has 48 bits of IPv6 has 65,536 sites.
    mutating func makeRoom(for link: Link, _ context: inout Context) -> Bool {
        guard state.handshakes.underWay.values.count(where: \.isIncoming) >= options.maximumLinks else { return true }
        guard options.whenFull == .evictFromLargestGroup else { return false }
        let incoming = state.handshakes.incoming.compactMap { id in context.link(id).map { (id, $0.remote.ip) } }
        let own = link.remote.ip
        var victim: LinkID?
        if let network = Self.loudest(incoming, besides: own.network, by: \.network) {
            let crowd = incoming.filter { $0.1.network == network }
            victim = Self.loudest(crowd, besides: nil, by: \.site).flatMap { site in
                crowd.first { $0.1.site == site }?.0
            }
        } else {
            let neighbours = incoming.filter { $0.1.network == own.network }
            victim = Self.loudest(neighbours, besides: own.site, by: \.site).flatMap { site in
                neighbours.first { $0.1.site == site }?.0
            }
        }
        guard let victim else { return false }
        refuse(victim, state.handshakes[victim]?.party?.claim.identity, .tooManyLinks, &context)
        return true
    }

    /// The group with the most connections, nil unless it has two more than `own`. Of equals, the one whose oldest came
    /// first.
    private static func loudest(
        _ connections: [(LinkID, IPAddress)], besides own: IPAddress?, by group: (IPAddress) -> IPAddress
    ) -> IPAddress? {
        var counts: OrderedDictionary<IPAddress, Int> = [:]
        for (_, address) in connections { counts[group(address), default: 0] += 1 }
        guard let most = counts.elements.max(by: { $0.value < $1.value }) else { return nil }
        guard let own else { return most.key }
        return most.value > counts[own, default: 0] + 1 ? most.key : nil
    }
}

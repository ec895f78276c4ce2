import Collections
import Kernel
import Wire

extension SingleLink {
    /// What a connection meets that comes in while `maximumLinks` handshakes are under way.
    enum CrowdRule: String, CaseIterable {
        /// It is refused, whoever it is of.
        case refuseNewcomer = "refuse-newcomer"
        /// The site that has the most of them loses its oldest, where the newcomer's site is left with fewer even so.
        case thinLoudest = "thin-loudest"
    }

    /// Whether a connection that came in may begin its handshake; makes room for it where that is fair.
    ///
    /// With one limit for all, whoever opens connections fast enough has all places, and keeps out a peer that nobody
    /// can dial. A site that is alone with its many cannot gain from this: its own newcomers are refused.
    mutating func makeRoom(for link: Link, _ context: inout Context) -> Bool {
        guard state.handshakes.values.count(where: \.isIncoming) >= options.maximumLinks else { return true }
        guard options.whenFull == .thinLoudest else { return false }
        var sites: OrderedDictionary<IPAddress, (oldest: LinkID, count: Int)> = [:]
        for (id, handshake) in state.handshakes where handshake.isIncoming {
            guard let remote = context.link(id)?.remote else { continue }
            sites[remote.ip.site, default: (id, 0)].count += 1
        }
        let own = sites[link.remote.ip.site]?.count ?? 0
        guard let loudest = sites.values.max(by: { $0.count < $1.count }), loudest.count > own + 1 else { return false }
        refuse(loudest.oldest, state.handshakes[loudest.oldest]?.claim?.identity, .tooManyLinks, &context)
        return true
    }
}

import Collections
import Kernel
import Wire

// Whom to want, of all that are known.
extension PeerFill {
    func wishes(_ context: borrowing Context) -> [Wish] {
        let network = context.network
        let own = context.endpoint
        var choice = Choice(slots: options.slots, context.links, network)
        for endpoint in network.bootstrap where endpoint != own {
            if network.masternodes.contains(where: { $0.endpoint == endpoint }) { continue }
            choice.add(bootstrap: endpoint)
        }
        for candidate in state.offers.values.joined() {
            let endpoint = state.turns.choice(for: candidate.identity, among: candidate.endpoints)
            if let endpoint, endpoint != own { choice.add(candidate, at: endpoint) }
        }
        return choice.wishes
    }
}

/// A list of wishes in the making.
private struct Choice {
    /// Of the slots a quarter, and no fewer than these, count nobody but whom we dialled: peers that dial us would
    /// otherwise choose all our peers, by being there first.
    private static let leastDials = 8

    private(set) var wishes: [Wish] = []
    private let links: LinkTable
    /// Strangers of one group of addresses that are dialled, at most: a quarter of the slots, so that nobody has all with
    /// fewer than four groups, and a network within one or two groups still meshes.
    private let strangersPerGroup: Int
    /// Peers without a link that may still be added.
    private var free: Int
    /// Where the strangers are that we have dialled, or are about to.
    private var strangers: [IPAddress]

    init(slots: Int, _ links: LinkTable, _ network: NetworkView) {
        let dialled = links.entries.filter { $0.phase == .up && $0.direction == .dialled }
        let dialledPeers = OrderedSet(dialled.compactMap(\.peer))
        let share = min(slots, max(Self.leastDials, slots / 4))
        self.links = links
        strangersPerGroup = max(2, slots / 4)
        free = max(slots - links.connectedPeerCount, share - dialledPeers.count)
        strangers = dialled.filter { link in link.peer.map { network.masternode($0) == nil } ?? true }.map(\.remote.ip)
    }

    /// The network file's own addresses are beyond everybody else's reach: they are wanted however many peers there are.
    mutating func add(bootstrap endpoint: Endpoint) {
        guard !wishes.contains(where: { $0.endpoint == endpoint }) else { return }
        // The source port of an accepted link says nothing about where its other end listens.
        let isLinked = links.entries.contains {
            $0.phase == .up && $0.direction == .dialled && $0.remote == endpoint
        }
        if !isLinked { free -= 1 }
        wishes.append(Wish(identity: nil, endpoint: endpoint, isMasternode: false))
    }

    /// A stranger that says it is where another one is keeps nobody from that one: only a bare address, which is
    /// whoever answers there, stands for all that name it.
    mutating func add(_ candidate: Candidate, at endpoint: Endpoint) {
        let isRepeated = wishes.contains { wish in
            guard let identity = wish.identity else { return candidate.endpoints.contains(wish.endpoint) }
            return identity == candidate.identity
        }
        guard !isRepeated else { return }
        if links.newestUp(with: candidate.identity) == nil {
            guard free > 0, !isCrowded(endpoint.ip) else { return }
            free -= 1
            strangers.append(endpoint.ip)
        }
        wishes.append(Wish(identity: candidate.identity, endpoint: endpoint, isMasternode: false))
    }

    /// Whoever has many addresses of one host, or of one group, has no more of our dials for it. Private addresses come
    /// into a book only where the operator wants them, and then are of one group, or of one host.
    private func isCrowded(_ ip: IPAddress) -> Bool {
        guard !ip.isPrivate else { return false }
        let group = AddressGroup(ip)
        return strangers.contains { $0.site == ip.site }
            || strangers.count { AddressGroup($0) == group } >= strangersPerGroup
    }
}

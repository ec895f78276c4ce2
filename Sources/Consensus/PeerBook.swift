import Kernel
import Wire

/// The linked peers, sorted by identity, and what is held against peers that are not linked now.
struct PeerBook: Codable, Sendable {
    /// Peers that are not linked and are remembered all the same.
    static let maximumAbsent = 256

    /// A peer that delivered nothing and went away: it is not believed more for linking again.
    private struct Absent: Codable, Hashable {
        let identity: Identity
        let isMasternode: Bool
        let deliveries: DeliveryRecord
    }

    private(set) var peers: [ConsensusPeer] = []
    /// In the order in which they went.
    private var absent: [Absent] = []

    /// How many of the linked peers are masternodes.
    var masternodeCount: Int { peers.reduce(0) { $0 + ($1.isMasternode ? 1 : 0) } }

    subscript(identity: Identity) -> ConsensusPeer? {
        let place = place(of: identity)
        return place < peers.count && peers[place].identity == identity ? peers[place] : nil
    }

    /// A peer that links again may be asked again; what it failed to deliver before still counts.
    mutating func add(_ identity: Identity, isMasternode: Bool) {
        let place = place(of: identity)
        var peer = ConsensusPeer(identity: identity, isMasternode: isMasternode)
        if place < peers.count, peers[place].identity == identity {
            peer.deliveries = peers[place].deliveries
            peers[place] = peer
            return
        }
        if let index = absent.firstIndex(where: { $0.identity == identity }) {
            peer.deliveries = absent.remove(at: index).deliveries
        }
        peers.insert(peer, at: place)
    }

    mutating func remove(_ identity: Identity) {
        let place = place(of: identity)
        guard place < peers.count, peers[place].identity == identity else { return }
        let peer = peers.remove(at: place)
        guard peer.deliveries.failures > 0 else { return }
        absent.append(
            Absent(identity: identity, isMasternode: peer.isMasternode, deliveries: peer.deliveries)
        )
        guard absent.count > Self.maximumAbsent else { return }
        // Anybody can make identities; those of the network's file are few.
        absent.remove(at: absent.firstIndex { !$0.isMasternode } ?? 0)
    }

    mutating func update(_ identity: Identity, _ change: (inout ConsensusPeer) -> Void) {
        let place = place(of: identity)
        if place < peers.count, peers[place].identity == identity { change(&peers[place]) }
    }

    /// Remembers the better of what the peer said before and says now; a peer's best chain only ever gets better.
    mutating func note(_ tip: ChainTip, of identity: Identity) {
        update(identity) { peer in
            if let old = peer.claim, !tip.isBetter(than: old) { return }
            peer.claim = tip
        }
    }

    /// Forgets what the peer said, unless it has said something else since.
    mutating func forget(_ tip: ChainTip, of identity: Identity) {
        update(identity) { if $0.claim == tip { $0.claim = nil } }
    }

    /// The peer to ask next of those for which `matches` holds: by rank, then by failures, then in turn after `last`.
    func next(after last: Identity?, where matches: (ConsensusPeer) -> Bool) -> ConsensusPeer? {
        var start = 0
        if let last {
            start = place(of: last)
            if start < peers.count, peers[start].identity == last { start += 1 }
        }
        var best: ConsensusPeer?
        for offset in peers.indices {
            let peer = peers[(start + offset) % peers.count]
            guard matches(peer) else { continue }
            guard let held = best else {
                best = peer
                continue
            }
            if (peer.rank, peer.deliveries.failures) < (held.rank, held.deliveries.failures) { best = peer }
        }
        return best
    }

    private func place(of identity: Identity) -> Int { peers.partitioningIndex { $0.identity >= identity } }
}

import Wire

/// What consensus remembers of one linked peer.
struct ConsensusPeer: Codable, Sendable, Hashable {
    let identity: Identity
    let isMasternode: Bool
    /// The best chain end it told us of. Nil where it has told none, or where asking for it led to nothing.
    var claim: ChainTip?
    /// It was asked for blocks and said nothing in time; its word no longer keeps us from leading a slot.
    var isSlow = false
    /// Its chain forks off below our window, or it served a chain that is none: it is not asked until it links again.
    var isHopeless = false
    /// The highest slot of a block it sent that had not come yet by our clock.
    var futureSlot: UInt64?
}

/// The linked peers, sorted by identity.
struct PeerBook: Codable, Sendable {
    private(set) var peers: [ConsensusPeer] = []

    /// How many of them are masternodes.
    var masternodeCount: Int { peers.reduce(0) { $0 + ($1.isMasternode ? 1 : 0) } }

    subscript(identity: Identity) -> ConsensusPeer? {
        let place = place(of: identity)
        return place < peers.count && peers[place].identity == identity ? peers[place] : nil
    }

    /// A peer that links again is believed again.
    mutating func add(_ identity: Identity, isMasternode: Bool) {
        let place = place(of: identity)
        let peer = ConsensusPeer(identity: identity, isMasternode: isMasternode)
        if place < peers.count, peers[place].identity == identity {
            peers[place] = peer
        } else {
            peers.insert(peer, at: place)
        }
    }

    mutating func remove(_ identity: Identity) {
        let place = place(of: identity)
        if place < peers.count, peers[place].identity == identity { peers.remove(at: place) }
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

    /// The next peer in turn after `last` for which `matches` holds.
    func next(after last: Identity?, where matches: (ConsensusPeer) -> Bool) -> ConsensusPeer? {
        guard let last else { return peers.first(where: matches) }
        let place = place(of: last)
        let start = place < peers.count && peers[place].identity == last ? place + 1 : place
        return peers[start...].first(where: matches) ?? peers[..<start].first(where: matches)
    }

    private func place(of identity: Identity) -> Int {
        var low = 0
        var high = peers.count
        while low < high {
            let middle = (low + high) / 2
            if peers[middle].identity < identity { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

import Kernel
import Wire

extension SingleLink {
    public mutating func wanted(
        _ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context
    ) {
        state.wishes[source] = wishes.filter { $0.endpoint != context.endpoint && $0.identity != context.identity }
        for index in state.peers.indices {
            if state.peers[index].isWanted { state.peers[index].unwantedSince = context.now }
            state.peers[index].isWanted = false
            state.peers[index].isMasternode = false
        }
        for wish in state.wishes.values.joined() {
            guard let index = place(for: wish.identity, wish.endpoint, mayEvict: true) else { continue }
            state.peers[index].isWanted = true
            // A bare address may be a second one of a peer that is known under another.
            if wish.identity != nil || state.peers[index].endpoint == nil {
                state.peers[index].endpoint = wish.endpoint
            }
            if wish.isMasternode { state.peers[index].isMasternode = true }
        }
        for index in state.peers.indices { settleWish(index, &context) }
        for index in state.peers.indices where state.peers[index].isWanted {
            let peer = state.peers[index]
            if pass == .periodic, peer.up == nil, peer.dialling == nil, !hasTurn(peer, context),
                let endpoint = peer.endpoint
            {
                context.observe(.dialLeftToPeer(endpoint, own: context.endpoint))
            }
            plan(index, &context)
        }
    }

    /// The one path to a dial: dials now, or sets the timer for when this end may.
    mutating func plan(_ index: Int, _ context: inout Context) {
        let peer = state.peers[index]
        guard peer.isWanted, peer.up == nil, peer.dialling == nil, let endpoint = peer.endpoint else {
            context.cancel(Timer.dial(peer: index))
            return
        }
        // A bare address that turned out to be a peer known under its identity is that peer's business.
        if let identity = peer.identity, state.peers.place(of: identity) ?? index != index { return }
        var due = peer.notBefore
        if !hasTurn(peer, context) {
            guard let wait = options.passiveWait else {
                context.cancel(Timer.dial(peer: index))
                return
            }
            let since = peer.waitingSince ?? context.now
            state.peers[index].waitingSince = since
            due = max(due, since + wait)
        }
        if let ban = dialBan(of: peer, context) { due = max(due, ban) }
        guard due <= context.now else {
            context.schedule(Timer.dial(peer: index), at: due)
            return
        }
        guard hasOutboundRoom(for: peer, context) else {
            state.isOutboundFull = true
            // Whoever waits takes the place that gets free, in order; it may be another one than this.
            if letGoOfUnwanted(&context) { plan(index, &context) }
            return
        }
        state.peers[index].dialSequence &+= 1
        let link = context.open(endpoint, expecting: peer.identity)
        state.peers[index].dialling = Attempt(link: link, sequence: state.peers[index].dialSequence)
    }

    /// Counts a failure and sets the next dial.
    mutating func retry(_ index: Int, after reason: Reason, _ context: inout Context) {
        state.peers[index].failures &+= 1
        state.peers[index].refusals = reason == .connectionRefused ? state.peers[index].refusals + 1 : 0
        switch reason {
        case .glare:
            // The other end's dial is under way; ours comes again only if that one fails.
            state.peers[index].failures = 1
            state.peers[index].notBefore = context.now + options.handshakeTimeout
        case .wrongNetwork, .differentAgreement, .protocolVersion, .identityInUse, .wrongIdentity, .selfConnection:
            // Nothing that waiting half a second would change.
            state.peers[index].notBefore = context.now + options.redialMaximum
            if reason == .wrongIdentity { release(index, &context) }
        default:
            let backoff = backoff(for: state.peers[index], context)
            let delay = backoff.delay(failures: state.peers[index].failures) { draw(below: $0, for: index, context) }
            state.peers[index].notBefore = context.now + delay
        }
        plan(index, &context)
    }

    /// Somebody else answers where a bare address once led to this peer. Where nobody wishes for the peer itself, the
    /// address is for whoever is there now.
    private mutating func release(_ index: Int, _ context: inout Context) {
        let wishes = Array(state.wishes.values.joined())
        guard let identity = state.peers[index].identity, let endpoint = state.peers[index].endpoint,
            !wishes.contains(where: { $0.identity == identity }),
            wishes.contains(where: { $0.identity == nil && $0.endpoint == endpoint })
        else { return }
        state.peers[index].isWanted = false
        for place in state.peers.indices where state.peers[place].endpoint == endpoint {
            state.peers[place].endpoint = nil
        }
        let due = state.peers[index].notBefore
        guard let bare = place(for: nil, endpoint, mayEvict: true) else { return }
        state.peers[bare].isWanted = true
        state.peers[bare].notBefore = due
        plan(bare, &context)
    }

    /// Each peer's waits are drawn by themselves: which of two dials is refused first does not swap them.
    private func draw(below limit: Duration, for index: Int, _ context: borrowing Context) -> Duration {
        context.random(below: limit, for: UInt64(index) << 32 ^ state.peers[index].dialSequence)
    }

    /// An end that has the turn redials a masternode fast. The other end dials out of turn for the sake of a closed
    /// direction alone: no more often than it waits for the peer's own dial.
    private func backoff(for peer: Peer, _ context: borrowing Context) -> Backoff {
        guard !hasTurn(peer, context), let wait = options.passiveWait else {
            return Backoff(
                initial: options.redialInitial,
                limit: peer.isMasternode
                    ? masternodeLimit(peer, options.masternodeRedialMaximum) : options.redialMaximum
            )
        }
        let initial = max(wait, options.redialInitial)
        return Backoff(
            initial: initial,
            limit: peer.isMasternode ? masternodeLimit(peer, initial) : max(initial, options.redialMaximum)
        )
    }

    /// Ten refusals in a row say that the host is up and the process is not: it is dialled less and less, since it dials
    /// by itself when it starts. Not much less, because a filter on the way refuses in the same words. Silence says nothing
    /// of the kind, and costs a dial no sooner than its timeout.
    private func masternodeLimit(_ peer: Peer, _ fast: Duration) -> Duration {
        guard peer.refusals > 10 else { return fast }
        let window = Backoff.window(initial: fast, limit: options.redialMaximum, failures: peer.refusals - 9)
        return max(fast, window)
    }

    /// Sets the redial of a peer whose link was up: at once, unless the link hardly lived.
    ///
    /// - Parameter fellSilent: this end gave the link up because it heard nothing. The other end may still count on it,
    ///   and then nobody there dials: the turn to dial is this end's too, and what its `Hello` says of the link that ended
    ///   tells the other. Where that one noticed as well, its own dial comes within `out_of_turn_delay`.
    mutating func relink(_ index: Int, livedFor age: Duration, fellSilent: Bool, _ context: inout Context) {
        state.peers[index].waitingSince = fellSilent ? hasWaited(context) : nil
        if age >= options.stableAfter {
            state.peers[index].failures = 0
            state.peers[index].refusals = 0
            let spread = Backoff(initial: options.redialInitial, limit: options.redialMaximum)
            let delay = spread.delay(failures: 0) { draw(below: $0, for: index, context) }
            state.peers[index].notBefore = context.now + delay
            plan(index, &context)
        } else {
            retry(index, after: .reset, &context)
        }
    }

    /// The `waitingSince` of an end that need not leave the next dial to the other.
    func hasWaited(_ context: borrowing Context) -> Instant? {
        options.passiveWait.map { context.now + (.zero - $0) }
    }

    /// A bare address turned out to be a peer that has a place already: what was wanted of the one is wanted of the
    /// other, and the address is not dialled for its own sake again.
    mutating func merge(_ bare: Int, into known: Int, as identity: Identity) {
        let other = state.peers[bare]
        state.peers[bare].identity = identity
        state.peers[bare].isWanted = false
        if state.peers[known].endpoint == nil { state.peers[known].endpoint = other.endpoint }
        if other.isWanted { state.peers[known].isWanted = true }
        if other.isMasternode { state.peers[known].isMasternode = true }
        state.peers[known].dialSequence = max(state.peers[known].dialSequence, other.dialSequence)
    }

    func hasTurn(_ peer: Peer, _ context: borrowing Context) -> Bool {
        guard let endpoint = peer.endpoint else { return false }
        return options.direction.dials(
            from: DirectionRule.End(endpoint: context.endpoint, identity: context.identity),
            to: DirectionRule.End(endpoint: endpoint, identity: peer.identity)
        )
    }

    /// The place of the peer whose link or dial this is. Only that of a bare address has to be looked for.
    func holder(of id: LinkID, _ context: borrowing Context) -> Int? {
        if let link = context.link(id), let identity = link.peer ?? link.expected,
            let place = state.peers.place(of: identity),
            state.peers[place].holds(id)
        {
            return place
        }
        return state.peers.firstIndex { $0.holds(id) }
    }

    /// The place of the peer whose link this is, if it is up.
    func linkedPeer(_ id: LinkID, _ context: borrowing Context) -> Int? {
        holder(of: id, context).flatMap { state.peers[$0].up?.link == id ? $0 : nil }
    }

    /// The place of the peer that this dial of ours is for.
    func diallingPeer(_ id: LinkID, _ context: borrowing Context) -> Int? {
        holder(of: id, context).flatMap { state.peers[$0].dialling?.link == id ? $0 : nil }
    }

    /// The place of a peer, made where it has none; nil when every place is taken.
    mutating func place(for identity: Identity?, _ endpoint: Endpoint?, mayEvict: Bool) -> Int? {
        if let identity, let known = state.peers.place(of: identity) { return known }
        if identity == nil, let known = state.peers.place(at: endpoint) { return known }
        guard state.peers.count >= options.maximumPeers else { return state.peers.append(identity, endpoint) }
        guard mayEvict, let idle = idlePlace() else { return nil }
        state.peers.replace(idle, by: identity, endpoint)
        return idle
    }

    /// The first place of a peer that is not wanted, has no link, and is in no handshake.
    private func idlePlace() -> Int? {
        let busy = state.handshakes.underWay.values.compactMap(\.place)
        return state.peers.indices.first { index in
            let peer = state.peers[index]
            return !peer.isWanted && peer.up == nil && peer.dialling == nil && !busy.contains(index)
        }
    }
}

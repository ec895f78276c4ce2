import Kernel
import Wire

// Who is let in, who has to go for it, and who is asked to come back later: `docs/admission.md`.

extension SingleLink {
    func standing(of identity: Identity, _ context: borrowing Context) -> Standing {
        if context.network.masternode(identity) != nil { return .masternode }
        return options.admission.trusted.contains(identity) ? .trusted : .stranger
    }

    /// What speaks against a connection of which no more than the address is known; makes room for it.
    ///
    /// A banned address may be a masternode's, or a gateway's that many call through. So it is heard, a few handshakes at a
    /// time, and the one that has been silent longest gives way: who means well speaks at once.
    mutating func objection(toArrival link: Link, _ context: inout Context) -> Reason? {
        let site = link.remote.ip.site
        if state.reputation.ban(of: .site(site), at: context.now) != nil {
            var heard: [LinkID] = []
            for id in state.handshakes.incoming where context.link(id)?.remote.ip.site == site { heard.append(id) }
            if heard.count >= Self.heardOfBanned {
                guard let silent = heard.first(where: { state.handshakes[$0]?.isSilent == true }) else {
                    return .banned
                }
                refuse(silent, nil, .banned, &context)
            }
        }
        return makeRoom(for: link, &context) ? nil : .tooManyLinks
    }

    /// So many handshakes of one banned address are heard at a time.
    private static let heardOfBanned = 4

    /// Whether a stranger, or the address that it comes from, is banned.
    func isBanned(_ identity: Identity, at remote: Endpoint, _ context: borrowing Context) -> Bool {
        guard !state.reputation.records.isEmpty, !standing(of: identity, context).isPrivileged else { return false }
        if state.reputation.ban(of: .identity(identity), at: context.now) != nil { return true }
        return !hasProvenKey(identity) && state.reputation.ban(of: .site(remote.ip.site), at: context.now) != nil
    }

    /// Whether a peer is known by its key: what others do at its address is not its doing.
    private func hasProvenKey(_ identity: Identity) -> Bool {
        state.peers.place(of: identity).map { state.peers[$0].hasProvenKey } ?? false
    }

    /// Lets a believed peer in that has no link yet, or refuses it and says why.
    mutating func letIn(_ id: LinkID, _ identity: Identity, _ context: inout Context) -> Bool {
        guard let link = context.link(id) else { return false }
        let applicant = applicant(identity, from: link.remote.ip, context)
        switch options.admission.rule(applicant) {
        case .admit: return true
        case .refuse(let reason):
            refuse(id, identity, reason, &context)
            return false
        case .makeRoom:
            let strangers = strangers(context)
            var victim = Merit.least(of: strangers, secret: secret(&context))
            if victim == nil, applicant.standing.isPrivileged {
                victim = strangers.max { $0.since < $1.since }?.link
            }
            guard let victim else {
                refuse(id, identity, .tooManyLinks, &context)
                return false
            }
            end(victim, .evicted, by: .us, &context)
            return true
        }
    }

    private func applicant(
        _ identity: Identity, from address: IPAddress, _ context: borrowing Context
    ) -> Applicant {
        var applicant = Applicant(standing: standing(of: identity, context))
        if applicant.standing.isPrivileged {
            applicant.inbound = context.links.entries.count { $0.phase == .up && $0.direction == .accepted }
            // All else only matters where there is no place left.
            if applicant.inbound < options.admission.maximumInbound { return applicant }
            applicant.inbound = 0
        }
        applicant.identityBan = state.reputation.ban(of: .identity(identity), at: context.now)
        if !hasProvenKey(identity) {
            applicant.addressBan = state.reputation.ban(of: .site(address.site), at: context.now)
        }
        for link in context.links.entries where link.phase == .up && link.direction == .accepted {
            guard let known = link.peer else { continue }
            applicant.inbound += 1
            guard !standing(of: known, context).isPrivileged else { continue }
            applicant.strangers += 1
            let other = link.remote.ip
            if other.site == address.site { applicant.sameAddress += 1 }
            if other.network == address.network { applicant.sameNetwork += 1 }
        }
        return applicant
    }

    /// Strangers' links that they dialled and that are up.
    private func strangers(_ context: borrowing Context) -> [Merit.Candidate] {
        var candidates: [Merit.Candidate] = []
        for peer in state.peers {
            guard let up = peer.up, up.direction == .accepted, let identity = peer.identity,
                !standing(of: identity, context).isPrivileged, let link = context.link(up.link)
            else { continue }
            candidates.append(
                Merit.Candidate(
                    link: up.link, network: link.remote.ip.network, since: up.since,
                    roundTrip: up.roundTrip ?? options.handshakeTimeout, usefulAt: up.usefulAt
                )
            )
        }
        return candidates
    }

    private mutating func secret(_ context: inout Context) -> UInt64 {
        if let secret = state.secret { return secret }
        let secret = context.randomBits()
        state.secret = secret
        return secret
    }

    // MARK: Conduct

    /// Counts what the end of a link says against the other end: against its identity where that was proven, else
    /// against the address that it called from. What answers at an address that we dialled was perhaps never meant to:
    /// anybody can have us dial a third party.
    mutating func blame(_ id: LinkID, for reason: Reason, _ context: inout Context) {
        let points = Reputation.points(for: reason)
        guard points > 0, let link = context.link(id) else { return }
        let proven = link.phase == .up ? link.peer : link.transportIdentity
        if let proven, standing(of: proven, context).isPrivileged { return }
        guard proven != nil || link.direction == .accepted else { return }
        // An address that a proven peer calls from as well is a gateway's: many would pay for one.
        if proven == nil, isShared(link.remote.ip.site, context) { return }
        _ = charge(proven.map { .identity($0) } ?? .site(link.remote.ip.site), points, for: reason, &context)
    }

    /// Whether a peer that has proven its key has a link up from this address.
    private func isShared(_ site: IPAddress, _ context: borrowing Context) -> Bool {
        context.links.entries.contains { link in
            link.phase == .up && link.direction == .accepted && link.remote.ip.site == site && isProven(link)
        }
    }

    /// Adds points, and says so where they make a ban.
    ///
    /// - Returns: whether these points made one.
    private mutating func charge(
        _ subject: Reputation.Subject, _ points: Int, for reason: Reason, _ context: inout Context
    ) -> Bool {
        guard let ban = state.reputation.add(points, to: subject, at: context.now, options.admission) else {
            return false
        }
        let name =
            switch subject {
            case .identity(let identity): "\(identity)"
            case .site(let site): "\(site)"
            }
        context.note(
            .warning, "\(name) is banned for \(Int((ban - context.now).seconds)) s, at last for \(reason.rawValue)")
        return true
    }

    /// The points are for the peer's identity, which its link has proven. A masternode or trusted peer gets none.
    public mutating func reportedMisbehaviour(
        _ peer: Identity, _ misbehaviour: Misbehaviour, _ context: inout Context
    ) {
        guard !standing(of: peer, context).isPrivileged else { return }
        let points = Reputation.points(for: misbehaviour.weight)
        guard charge(.identity(peer), points, for: misbehaviour.reason, &context),
            let up = state.peers.place(of: peer).flatMap({ state.peers[$0].up })
        else { return }
        end(up.link, .banned, by: .us, &context)
    }

    public var metersTraffic: Bool { true }

    public mutating func takes(_ message: Message, from link: LinkID, _ context: inout Context) -> Bool {
        guard let place = state.meters.index(of: link) else { return true }
        let channel = message.channel
        let rate = options.admission.rate
        if rate.take(channel, bytes: message.encodedSize, at: context.now, from: &state.meters.values[place]) {
            return true
        }
        state.meters.values[place].dropped += rate.excess(message.encodedSize)
        let meter = state.meters.values[place]
        if meter.reportedUntil <= context.now {
            context.observe(.messageDropped(link, channel, .rateLimited))
            state.meters.values[place].reportedUntil = context.now + .seconds(1)
        }
        if !meter.isPrivileged, meter.dropped > rate.patience(channel) {
            end(link, .rateLimited, by: .us, &context)
        }
        return false
    }

    public mutating func reportedUseful(_ peer: Identity, _ context: inout Context) {
        guard let place = state.peers.place(of: peer) else { return }
        state.peers[place].up?.usefulAt = context.now
    }

    // MARK: Dials

    func isPrivileged(_ peer: Peer, _ context: borrowing Context) -> Bool {
        peer.isMasternode || peer.identity.map { standing(of: $0, context).isPrivileged } ?? false
    }

    /// Until when a stranger that is wanted is banned all the same.
    func dialBan(of peer: Peer, _ context: borrowing Context) -> Instant? {
        guard !state.reputation.records.isEmpty, !isPrivileged(peer, context) else { return nil }
        let byIdentity = peer.identity.flatMap { state.reputation.ban(of: .identity($0), at: context.now) }
        let byAddress =
            peer.hasProvenKey
            ? nil : peer.endpoint.flatMap { state.reputation.ban(of: .site($0.ip.site), at: context.now) }
        return [byIdentity, byAddress].compactMap { $0 }.max()
    }

    /// Whether one more stranger may be dialled.
    func hasOutboundRoom(for peer: Peer, _ context: borrowing Context) -> Bool {
        guard !isPrivileged(peer, context) else { return true }
        var count = 0
        for other in state.peers where other.dialling != nil || other.up?.direction == .dialled {
            if !isPrivileged(other, context) { count += 1 }
        }
        return count < options.admission.maximumOutbound
    }

    /// Dials strangers that had to wait for a place, once one may be free.
    mutating func planWaiting(_ context: inout Context) {
        guard state.isOutboundFull else { return }
        state.isOutboundFull = false
        for index in state.peers.indices
        where state.peers[index].isWanted && state.peers[index].up == nil && state.peers[index].dialling == nil {
            plan(index, &context)
        }
    }
}

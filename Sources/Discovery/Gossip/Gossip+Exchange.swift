import Kernel
import Wire

// Asking, answering, hearing and passing on.
extension Gossip {
    /// Records are believed for a week at most; a clock may be wrong by two hours (Bitcoin Core's allowance) beyond.
    static let longestBelief: Int64 = (7 * 24 + 2) * 3_600_000

    /// We ask whom we dialled and whom the network file names. A stranger that dials us has no say in our book, unless it
    /// speaks up by itself.
    mutating func askIfChosen(_ link: LinkID, _ context: inout Context) {
        if let peer = state.peers[link], peer.isDialled || peer.isMember { ask(link, &context) }
    }

    private mutating func ask(_ link: LinkID, _ context: inout Context) {
        guard let credit = state.peers[link]?.credit else { return }
        state.peers[link]?.askedAt = context.now
        state.peers[link]?.credit = min(credit, options.burst) + Messages.maximumRecords
        context.send(Messages.getAddresses(limit: UInt32(Messages.maximumRecords)), over: link)
    }

    /// One question a pass: what a flood of news missed, this finds.
    mutating func askSomebody(_ context: inout Context) {
        let now = context.now
        let askable = state.peers.filter { _, peer in
            (peer.isDialled || peer.isMember) && peer.askedAt.map { now - $0 >= options.answerInterval } ?? true
        }
        guard !askable.isEmpty else { return }
        ask(askable.elements[Int(context.random(below: UInt64(askable.count)))].key, &context)
    }

    public mutating func received(_ message: GossipMessage, from link: LinkID, _ context: inout Context) {
        switch message {
        case .getAddresses(let limit): asked(link, limit, &context)
        case .addresses(let records): told(records, by: link, &context)
        }
    }

    // MARK: Answering

    private mutating func asked(_ link: LinkID, _ limit: UInt32, _ context: inout Context) {
        guard let peer = state.peers[link] else { return }
        if state.loading != nil {
            state.peers[link]?.owed = limit
            return
        }
        if let last = peer.answeredAt, context.now - last < options.answerInterval {
            context.observe(.messageDropped(link, .discovery, .rateLimited))
            return
        }
        answer(link, limit, &context)
    }

    mutating func answer(_ link: LinkID, _ limit: UInt32, _ context: inout Context) {
        guard let peer = state.peers[link] else { return }
        state.peers[link]?.answeredAt = context.now
        state.peers[link]?.owed = nil
        let count = min(options.answerLimit, Int(clamping: limit))
        // Our own first: whoever missed it when the link came up has nobody else to ask in a network of two.
        var records = state.own.map { [$0] } ?? []
        // Then its own: whoever has forgotten what it last said of itself, and has a clock behind that, has to top it.
        if let own = state.book.entry(peer.identity)?.record, own.expires > context.wall.milliseconds {
            records.append(own)
        }
        records += state.book.answer(
            max(0, count - records.count), besides: peer.identity, now: context.wall.milliseconds
        ) {
            context.random(below: $0)
        }
        records = Array(records.prefix(count))
        if !records.isEmpty { context.send(Messages.addresses(records), over: link) }
    }

    // MARK: Hearing

    private mutating func told(_ records: [AddressRecord], by link: LinkID, _ context: inout Context) {
        guard var peer = state.peers[link], let sample = records.first else { return }
        guard state.loading == nil else {
            context.observe(.addressRefused(link, sample.identity, .busy))
            return
        }
        refill(&peer, context.now)
        var pending: [AddressRecord] = []
        for record in records {
            guard peer.credit > 0 else {
                context.observe(.addressRefused(link, record.identity, .tooMany))
                break
            }
            peer.credit -= 1
            if let refusal = refusal(of: record, context) {
                context.observe(.addressRefused(link, record.identity, refusal))
            } else if isNews(record, context) {
                pending.append(record)
            }
        }
        state.peers[link] = peer
        guard let first = pending.first else { return }
        guard mayCheck(link) else {
            context.observe(.addressRefused(link, first.identity, .busy))
            return
        }
        let token = context.verify(
            pending.map { SignatureCheck(bytes: $0.signedBytes, signature: $0.signature, identity: $0.identity) }
        )
        state.checks[token] = Check(link: link, group: peer.group, records: pending)
    }

    /// Nobody keeps the others' records from being looked at, however much it tells: who has nothing under way may always
    /// have one message looked at, so that the whole is bounded by the limit and the links.
    private func mayCheck(_ link: LinkID) -> Bool {
        let own = state.checks.values.count { $0.link == link }
        return own == 0 || own < State.checksPerLink && state.checks.count < State.checkLimit
    }

    private func refill(_ peer: inout Peer, _ now: Instant) {
        let gained = (now - peer.creditAt).nanoseconds / options.recordInterval.nanoseconds
        guard gained > 0 else { return }
        peer.creditAt = peer.creditAt + options.recordInterval * Int(clamping: gained)
        // What our own questions allowed is not taken away.
        peer.credit = max(peer.credit, min(options.burst, peer.credit + Int(clamping: min(gained, 1 << 32))))
    }

    /// What can be said against a record before anybody has looked at its signature.
    private func refusal(of record: AddressRecord, _ context: borrowing Context) -> AddressRefusal? {
        guard record.isWellFormed else { return .malformed }
        guard record.network == context.network.name else { return .wrongNetwork }
        guard record.expires > context.wall.milliseconds else { return .expired }
        guard record.expires <= context.wall.milliseconds + Self.longestBelief else { return .farFuture }
        for (index, endpoint) in record.endpoints.enumerated() {
            if record.endpoints[..<index].contains(endpoint) { return .repeatedEndpoint }
            if endpoint.ip.isPrivate, !options.privateAddresses { return .privateAddress }
        }
        return nil
    }

    private func isNews(_ record: AddressRecord, _ context: borrowing Context) -> Bool {
        let known =
            record.identity == context.identity ? state.own : state.book.entry(record.identity)?.record
        guard let known else { return true }
        if record.identity == context.identity, record.sequence == known.sequence { return record != known }
        return record.sequence > known.sequence
    }

    public mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {
        guard let check = state.checks.removeValue(forKey: token) else { return }
        // What could not be checked is told again, by this peer or another one.
        guard case .checked(let verdicts) = verification else { return }
        var isNews = false
        var news: [AddressRecord] = []
        for (index, record) in check.records.enumerated() {
            guard verdicts[index] else {
                context.observe(.addressRefused(check.link, record.identity, .badSignature))
                continue
            }
            if record.identity == context.identity {
                supersede(record, &context)
                continue
            }
            let isMember = context.network.masternode(record.identity) != nil
            let result = state.book.insert(
                record, from: check.group, isMember: isMember, now: context.wall.milliseconds
            )
            switch result {
            case .learnt where isMember:
                isNews = true
                if mayPassOn(record.identity, context.now) { news.append(record) }
            case .noRoom: context.observe(.addressRefused(check.link, record.identity, .noRoom))
            case .learnt, .refreshed, .stale: break
            }
        }
        saveSoon(&context)
        if !news.isEmpty { passOn(news, besides: check.link, &context) }
        let forged = check.records.indices.contains { !verdicts[$0] }
        // Each node checks what it takes into its book. A book that was damaged on disk is no lie, so this weighs little.
        if forged, let peer = context.peer(of: check.link) {
            context.reportMisbehaviour(peer, Misbehaviour(.badSignature, .minor))
        }
        if isNews { offer(&context) }
    }

    /// A masternode that says something new all the time is not given the whole network's attention: what is left out
    /// here is found by asking.
    private mutating func mayPassOn(_ identity: Identity, _ now: Instant) -> Bool {
        if let last = state.passedOn[identity], now - last < options.answerInterval { return false }
        state.passedOn[identity] = now
        return true
    }

    /// News of members goes to a few linked members at once; strangers have to ask. Each passes a record on once, since
    /// the second time it is none.
    private mutating func passOn(_ records: [AddressRecord], besides source: LinkID, _ context: inout Context) {
        var links = state.peers.filter { $0.key != source && $0.value.isMember }.map(\.key)
        var left = options.fanOut
        let message = Message(Messages.addresses(records))
        while left > 0, !links.isEmpty {
            let link = links.remove(at: Int(context.random(below: UInt64(links.count))))
            context.send(message, over: link)
            left -= 1
        }
    }
}

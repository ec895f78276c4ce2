import Kernel
import Wire

/// Measures a run that was not simulated, from what nodes reported and what was done to them: the same figures by the
/// same definitions as ``Collector`` makes of a simulated one.
///
/// It is told everything in order of time, in nanoseconds since the start of the run. Where a simulation looks a
/// connection's two ends up, this class has to find which reports of two nodes are about one connection: those of
/// opposite directions whose link came up at about the same time.
package final class ObservedRun {
    /// Two reports of one connection lie no further apart: a handshake's deadline.
    private static let pairing: Int64 = 5_000_000_000

    /// A link that a node reported as up.
    struct ObservedLink {
        let id: LinkID
        let host: Int
        let peer: Int
        let isDialler: Bool
        let upAt: Int64
        var isOver = false
        /// The other end's report.
        var partner: Int?
        /// The other end's process is gone and never reported this link.
        var isOrphan = false
    }

    let scenario: Scenario
    let books: Collector
    private let identities: [Identity]
    private(set) var links: [ObservedLink] = []
    private(set) var blocked: [NetworkPaths.BlockedPath] = []
    /// The highest block that each node said it holds.
    private(set) var heights: [UInt64]
    private var begun: [[LinkID]]

    /// - Parameter identities: of the hosts, in their order.
    package init(_ scenario: Scenario, identities: [Identity], collectsTimeline: Bool = false) {
        self.scenario = scenario
        self.identities = identities
        books = Collector(scenario: scenario, collectsTimeline: collectsTimeline)
        heights = Array(repeating: 0, count: identities.count)
        begun = Array(repeating: [], count: identities.count)
    }

    // MARK: What was done

    /// A process began to work; its links of an earlier life are no more.
    package func started(_ host: Int, at now: Int64) {
        books.setHealthy(host, true, at: now)
        books.started(host, at: now)
        reviewAll(at: now)
    }

    /// A step of the plan was taken. Heals of processes count once the process works: tell ``started(_:at:)`` then,
    /// and ``healed(at:)``.
    package func apply(_ change: WorldChange, at now: Int64) {
        switch change {
        case .stall(let host, let staysHealthy):
            if !staysHealthy { books.setHealthy(host, false, at: now) }
        case .resume(let host): books.setHealthy(host, true, at: now)
        case .kill(let host), .powerOff(let host):
            books.setHealthy(host, false, at: now)
            stopped(host, at: now)
        case .start, .powerOn, .closeInbound, .openInbound, .translate, .endTranslation, .simulatedOnly: break
        case .block(let from, let to):
            let path = NetworkPaths.BlockedPath(from: from, to: to)
            if !blocked.contains(path) { blocked.append(path) }
        case .unblock(let from, let to): blocked.removeAll { $0 == NetworkPaths.BlockedPath(from: from, to: to) }
        }
        reviewAll(at: now)
    }

    /// A fault is over.
    package func healed(at now: Int64) {
        books.healed(at: now)
        reviewAll(at: now)
    }

    private func stopped(_ host: Int, at now: Int64) {
        for index in links.indices {
            if links[index].host == host { links[index].isOver = true }
            if links[index].peer == host, links[index].partner == nil { links[index].isOrphan = true }
        }
        books.hostMeters[host].account(until: now, warmUp: books.warmUp)
        books.hostMeters[host].isAlive = false
        for link in books.hostMeters[host].links {
            if link.isDialler { books.tally.lifetimes.append(books.seconds(now - link.upAt)) }
            noteEnd(link, at: host, now)
        }
        books.hostMeters[host].links = []
        books.waits.forget(host)
        begun[host] = []
    }

    // MARK: What nodes reported

    /// A node said that this happened.
    package func observe(_ event: Event, _ host: Int, at now: Int64) {
        if event.isLogged { books.tally.logLines += 1 }
        switch event {
        case .dialStarted: books.hostMeters[host].dials += 1
        case .handshakeBegun(let link):
            books.tally.handshakesBegun += 1
            begun[host].append(link)
        case .linkUp(let link, let identity, _, let direction): linkUp(link, identity, host, direction, now)
        case .linkEnded(let link, let identity, _, let reason, let ender, let wasUp, let direction):
            noteDuplicate(link, identity, host, reason, ender, direction)
            if wasUp { linkEnded(link, host, reason, ender, now) }
        case .requestSent: books.tally.requests.sent(at: now)
        case .requestAnswered(_, let wait): books.tally.requests.answered(after: wait, at: now)
        case .blockProduced(let height, let hash, let slot):
            books.blocks.produced(height, hash, slot: slot, at: now)
            heights[host] = height
        case .blockAccepted(let height, _, _): heights[host] = max(heights[host], height)
        case .reorganised(_, let height, _):
            heights[host] = height
            books.tally.reorganisations += 1
        default: break
        }
    }

    private func linkUp(_ id: LinkID, _ identity: Identity, _ host: Int, _ direction: LinkDirection, _ now: Int64) {
        guard let peer = identities.firstIndex(of: identity), peer != host else { return }
        let isDialler = direction == .dialled
        // The latest report of the other end that has no partner yet.
        let partner = links.lastIndex {
            $0.host == peer && $0.peer == host && $0.isDialler != isDialler && $0.partner == nil
                && !$0.isOver && !$0.isOrphan && now - $0.upAt <= Self.pairing
        }
        let index = links.count
        links.append(
            ObservedLink(id: id, host: host, peer: peer, isDialler: isDialler, upAt: now, partner: partner)
        )
        if let partner { links[partner].partner = index }
        books.hostMeters[host].account(until: now, warmUp: books.warmUp)
        books.hostMeters[host].links.append(
            UpLink(
                link: id, socket: index, connection: UInt64(index), peer: peer, identity: identity,
                isDialler: isDialler, upAt: now
            )
        )
        if isDialler {
            books.tally.handshakesCompleted += 1
            if let pair = books.pair(host, peer) {
                if books.pairs[pair].hasLostLink { books.pairs[pair].reconnects += 1 }
                books.pairs[pair].openings.append(now)
            }
        }
        reviewAll(at: now)
    }

    private func linkEnded(_ id: LinkID, _ host: Int, _ reason: Reason, _ ender: LinkEnder, _ now: Int64) {
        guard let index = books.hostMeters[host].links.firstIndex(where: { $0.link == id }) else { return }
        books.hostMeters[host].account(until: now, warmUp: books.warmUp)
        let ended = books.hostMeters[host].links.remove(at: index)
        links[ended.socket].isOver = true
        if ended.isDialler { books.tally.lifetimes.append(books.seconds(now - ended.upAt)) }
        noteEnd(ended, at: host, now)
        if !books.hostMeters[host].links.contains(where: { $0.peer == ended.peer }) {
            books.waits.detected(victim: ended.peer, witness: host, at: now)
        }
        let isVerdict = ender == .us && (reason == .pingTimeout || reason == .silent)
        let isGivenUp = ender == .transport && reason == .timedOut
        let isReachable = !isBlocked(host, ended.peer) && !isBlocked(ended.peer, host)
        let areHealthy = books.hostMeters[ended.peer].isHealthy && books.hostMeters[host].isHealthy
        if isVerdict || isGivenUp, isReachable, areHealthy { books.tally.falseDisconnects += 1 }
        reviewAll(at: now)
    }

    private func noteEnd(_ link: UpLink, at host: Int, _ now: Int64) {
        if let since = link.uselessSince { books.tally.zombie += now - since }
        if let pair = books.pair(host, link.peer) { books.pairs[pair].hasLostLink = true }
    }

    /// Counts a connection once, whichever end closed it for another link of the pair.
    private func noteDuplicate(
        _ link: LinkID, _ identity: Identity?, _ host: Int, _ reason: Reason, _ ender: LinkEnder,
        _ direction: LinkDirection
    ) {
        guard ender == .us, [.duplicate, .glare, .superseded, .replaced, .staleDial].contains(reason) else { return }
        // Whoever accepted knows the caller's identity by its Hello; a dial that said nothing competed with nobody.
        let saidHello = direction == .accepted ? identity != nil : begun[host].contains(link)
        guard saidHello else { return }
        if let index = links.lastIndex(where: { $0.host == host && $0.id == link }), let other = links[index].partner,
            books.tally.duplicates.contains(UInt64(other))
        {
            return
        }
        if let index = links.lastIndex(where: { $0.host == host && $0.id == link }) {
            books.tally.duplicates.append(UInt64(index))
        }
        books.tally.duplicateCloses += 1
    }

    func isBlocked(_ from: Int, _ to: Int) -> Bool {
        blocked.contains(NetworkPaths.BlockedPath(from: from, to: to))
    }

    /// Whether what the end with this number sends now would be read by the other end's process.
    func delivers(_ index: Int) -> Bool {
        let link = links[index]
        guard !link.isOver, !link.isOrphan, !isBlocked(link.host, link.peer), books.hostMeters[link.host].isHealthy,
            books.hostMeters[link.peer].isHealthy, books.hostMeters[link.peer].isAlive
        else { return false }
        // Without a partner the other end is still at the last word of the handshake.
        return link.partner.map { !links[$0].isOver } ?? true
    }
}

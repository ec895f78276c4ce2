import Collections
import Kernel
import Wire

/// Measures one run as it happens: every figure of the metric catalogue that a simulation can have.
///
/// It watches the nodes' events and the model's state and changes neither.
final class Collector {
    let scenario: Scenario
    let warmUp: Int64
    var hostMeters: [HostMeter]
    var pairs: [PairMeter] = []
    /// The pairs each host is part of, in the order of the other host's number.
    private(set) var pairsOf: [[PairPlace]]
    /// Pairs that have had a link up at both ends.
    var linkedPairs = 0
    var tally = Tally()
    var blocks = BlockMeter()
    var waits = WaitMeter()
    let collectsTimeline: Bool
    var history = RunHistory()
    /// Connections that ended at one end so far.
    var halfEnded: OrderedDictionary<UInt64, HalfEnd> = [:]

    init(scenario: Scenario, collectsTimeline: Bool) {
        self.scenario = scenario
        self.collectsTimeline = collectsTimeline
        warmUp = scenario.warmUp.nanoseconds
        let count = scenario.network.hosts.count
        hostMeters = Array(repeating: HostMeter(), count: count)
        pairsOf = Array(repeating: [], count: count)
        for first in 0..<count where !scenario.network.hosts[first].isStranger {
            for second in scenario.network.members(seenBy: first) where second > first {
                pairsOf[first].append(PairPlace(peer: second, pair: pairs.count))
                pairsOf[second].append(PairPlace(peer: first, pair: pairs.count))
                pairs.append(PairMeter(first: first, second: second, collectsTimeline: collectsTimeline))
            }
        }
        for host in pairsOf.indices { pairsOf[host].sort { $0.peer < $1.peer } }
        for (host, model) in scenario.network.hosts.enumerated() { hostMeters[host].isStranger = model.isStranger }
    }

    /// How many hosts are nodes of the network.
    var nodeCount: Int { hostMeters.count { !$0.isStranger } }

    /// The pair that two hosts are, nil where they do not want each other.
    func pair(_ host: Int, _ peer: Int) -> Int? {
        let places = pairsOf[host]
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle].peer < peer { low = middle + 1 } else { high = middle }
        }
        return low < places.count && places[low].peer == peer ? places[low].pair : nil
    }

    // MARK: Processes

    func started(_ host: Int, at now: Int64) {
        hostMeters[host].isAlive = true
        hostMeters[host].connectedSince = now
        waits.lastStart = hostMeters.contains { $0.starts == 0 && !$0.isAlive } ? nil : waits.lastStart ?? now
        hostMeters[host].starts += 1
        if waits.lastStart == nil, !hostMeters.contains(where: { $0.starts == 0 }) { waits.lastStart = now }
    }

    /// The process is gone, and every link it had with it.
    func stopped(_ host: Int, at now: Int64, in simulation: borrowing Simulation) {
        hostMeters[host].account(until: now, warmUp: warmUp)
        hostMeters[host].isAlive = false
        for link in hostMeters[host].links where link.isDialler {
            tally.lifetimes.append(seconds(now - link.upAt))
        }
        for link in hostMeters[host].links {
            noteEnd(of: link, at: host, now)
            halfEnded[link.connection] = nil
        }
        hostMeters[host].links = []
        waits.forget(host)
    }

    func setHealthy(_ host: Int, _ isHealthy: Bool, at now: Int64) {
        guard hostMeters[host].isHealthy != isHealthy else { return }
        hostMeters[host].isHealthy = isHealthy
        if isHealthy {
            waits.giveUp(on: host, at: now)
        } else {
            for other in hostMeters.indices where other != host && hostMeters[other].isAlive {
                if hostMeters[other].links.contains(where: { $0.peer == host }) {
                    waits.detections.append(WaitMeter.Detection(victim: host, witness: other, since: now))
                }
            }
        }
    }

    /// A fault is over. Several may be over in one moment: the network is whole only once all of them are.
    func healed(at now: Int64) {
        waits.recoverySince = now
        waits.pendingHeals += 1
    }

    /// All that was over at the moment of a fault's end has been dealt with.
    func settled(in simulation: borrowing Simulation) {
        waits.pendingHeals -= 1
        review(recoveryIn: simulation)
    }

    // MARK: Events

    /// What needs no look at the model, which most events do not: handing the run over costs more than counting.
    func count(_ event: Event, _ host: Int, at now: Int64) {
        guard !hostMeters[host].isStranger else { return }
        switch event {
        case .dialStarted: hostMeters[host].dials += 1
        case .requestSent: tally.requests.sent(at: now)
        case .requestAnswered(_, let wait): tally.requests.answered(after: wait, at: now)
        case .reorganised: tally.reorganisations += 1
        default: break
        }
        if event.isLogged { tally.logLines += 1 }
    }

    func observe(_ event: Event, _ host: Int, in simulation: borrowing Simulation) {
        guard !hostMeters[host].isStranger else { return }
        let now = simulation.now
        switch event {
        case .handshakeBegun(let link):
            tally.handshakesBegun += 1
            if let connection = connection(of: link, host, simulation) { tally.begun.append(connection) }
        case .linkUp(let link, let identity, _, let direction):
            linkUp(link, identity, host, direction, simulation)
        case .linkEnded(let link, _, _, let reason, let ender, let wasUp, _):
            noteDuplicate(link, host, reason, ender, simulation)
            noteFirstEnd(of: link, at: host, reason, simulation)
            if wasUp { linkEnded(link, host, reason, ender, now, simulation) }
        case .blockProduced(let height, let hash, let slot):
            blocks.produced(height, hash, slot: slot, at: now)
            simulation.monitor.produced(slot, hash, by: host, in: simulation)
        default: break
        }
        if event.isLogged { tally.logLines += 1 }
    }

    private func linkUp(
        _ link: LinkID, _ identity: Identity, _ host: Int, _ direction: LinkDirection,
        _ simulation: borrowing Simulation
    ) {
        guard let socket = simulation.socket(of: link, host) else { return }
        let peer = simulation.sockets[socket ^ 1].host
        let now = simulation.now
        hostMeters[host].account(until: now, warmUp: warmUp)
        hostMeters[host].links.append(
            UpLink(
                link: link, socket: socket, connection: simulation.sockets[socket].connection, peer: peer,
                identity: identity, isDialler: direction == .dialled, upAt: now
            )
        )
        guard direction == .dialled else { return }
        tally.handshakesCompleted += 1
        if let pair = pair(host, peer) {
            if pairs[pair].hasLostLink { pairs[pair].reconnects += 1 }
            pairs[pair].openings.append(now)
        }
    }

    private func linkEnded(
        _ link: LinkID, _ host: Int, _ reason: Reason, _ ender: LinkEnder, _ now: Int64,
        _ simulation: borrowing Simulation
    ) {
        guard let index = hostMeters[host].links.firstIndex(where: { $0.link == link }) else { return }
        hostMeters[host].account(until: now, warmUp: warmUp)
        let ended = hostMeters[host].links.remove(at: index)
        if ended.isDialler { tally.lifetimes.append(seconds(now - ended.upAt)) }
        noteEnd(of: ended, at: host, now)
        if !hostMeters[host].links.contains(where: { $0.peer == ended.peer }) {
            waits.detected(victim: ended.peer, witness: host, at: now)
        }
        let isVerdict = ender == .us && (reason == .pingTimeout || reason == .silent)
        let isGivenUp = ender == .transport && reason == .timedOut
        let isReachable =
            !simulation.paths.isBlocked(from: host, to: ended.peer)
            && !simulation.paths.isBlocked(from: ended.peer, to: host)
        if isVerdict || isGivenUp, isReachable, hostMeters[ended.peer].isHealthy, hostMeters[host].isHealthy {
            tally.falseDisconnects += 1
        }
    }

    /// What the pair and the zombie clock learn from a link's end.
    private func noteEnd(of link: UpLink, at host: Int, _ now: Int64) {
        if let since = link.uselessSince { tally.zombie += now - since }
        if let pair = pair(host, link.peer) {
            pairs[pair].hasLostLink = true
        }
    }

    /// Counts a connection once, whichever end closed it for another link of the pair.
    private func noteDuplicate(
        _ link: LinkID, _ host: Int, _ reason: Reason, _ ender: LinkEnder, _ simulation: borrowing Simulation
    ) {
        guard ender == .us, [.duplicate, .glare, .superseded, .replaced, .staleDial].contains(reason) else { return }
        // A dial that was given up before it said anything competed with nobody.
        guard let connection = connection(of: link, host, simulation), tally.begun.contains(connection),
            tally.duplicates.append(connection).inserted
        else { return }
        tally.duplicateCloses += 1
    }

    /// The number of the connection behind a link, also right after the link was closed.
    private func connection(of link: LinkID, _ host: Int, _ simulation: borrowing Simulation) -> UInt64? {
        simulation.place(of: link, host).map { simulation.sockets[$0].connection }
    }

    /// An input waits this many nanoseconds for the host's one loop.
    func waited(_ wait: Int64, _ host: Int) {
        if !hostMeters[host].isStranger { tally.longestWait = max(tally.longestWait, wait) }
    }

    /// A host has this many connections.
    func holds(_ count: Int, _ host: Int) { tally.mostHeld = max(tally.mostHeld, count) }

    /// A supervisor ended a process and starts it anew.
    ///
    /// Counted here and not where it happens: Swift 6.3.1 cannot compile that under the thread sanitizer.
    func restarted() { tally.restarts += 1 }

    func seconds(_ nanoseconds: Int64) -> Double { Double(nanoseconds) / 1e9 }
}

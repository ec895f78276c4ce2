import Collections
import Kernel
import Wire

extension Measurements {
    /// What the statuses of nodes tell together.
    ///
    /// What lies before the first look is left out: it has no length that is known.
    ///
    /// - Throws: ``MeasurementError`` where nobody answered, where nodes are of several networks, or where fewer than two
    ///   masternodes are known.
    public init(_ samples: [StatusSample]) throws(MeasurementError) {
        let sorted = samples.filter { Bounds.moments.contains($0.atMilliseconds) }.enumerated()
            .sorted { ($0.element.atMilliseconds, $0.offset) < ($1.element.atMilliseconds, $1.offset) }.map(\.element)
        guard let first = sorted.first, let last = sorted.last,
            let one = sorted.first(where: { $0.status != nil })?.status
        else {
            let errors = sorted.compactMap { sample in sample.error.map { "\(sample.place): \($0)" } }
            throw MeasurementError(
                .noSamples, errors.last.map { "no node answered: \($0)" } ?? "there are no samples",
                help: "Are the nodes running, and do their profiles have 'rpc: {use: [http]}'?"
            )
        }
        self.init(
            network: one.network,
            slotInterval: sorted.lazy.compactMap(\.status?.slotIntervalSeconds).first
                .map { .milliseconds(Int64(min(max(0, $0), 1e9) * 1_000)) },
            minimumMasternodes: one.minimumMasternodes
        )
        try Self.check(sorted, are: one)
        span = first.atMilliseconds...last.atMilliseconds
        hosts = Self.hosts(in: sorted)
        guard hosts.count >= 2 else {
            throw MeasurementError(
                .tooFewHosts, "the nodes know of fewer than two masternodes: a scenario needs two",
                help: "Ask nodes whose network file names the masternodes."
            )
        }
        var measurer = StatusMeasurer(self)
        for sample in sorted { measurer.take(sample) }
        self = measurer.finished
    }

    private static func check(_ samples: [StatusSample], are one: NodeStatus) throws(MeasurementError) {
        for sample in samples {
            guard let status = sample.status, status.network != one.network else { continue }
            throw MeasurementError(
                .anotherNetwork, "\(sample.place) is a node of '\(status.network)', the first is of '\(one.network)'",
                help: "Record one network at a time: leave that --rpc out."
            )
        }
    }

    /// Every masternode that a status names, in the order of the addresses.
    private static func hosts(in samples: [StatusSample]) -> [Host] {
        var found: OrderedDictionary<Identity, Host> = [:]
        for status in samples.compactMap(\.status) {
            if let name = status.name, found[status.identity] == nil {
                found[status.identity] = Host(identity: status.identity, name: name, endpoint: status.address)
            }
            for peer in status.peers where peer.isMasternode {
                // A peer knows the address that the network file gives; the node itself where it listens.
                guard let identity = peer.identity, let name = peer.name else { continue }
                found[identity] = Host(identity: identity, name: name, endpoint: peer.address)
            }
        }
        return found.values.sorted { ($0.endpoint, $0.identity) < ($1.endpoint, $1.identity) }
    }
}

/// What a node may say and be believed: answers come from the network, and sums of them have to fit.
private enum Bounds {
    /// Milliseconds since 1970, to the year 2096.
    static let moments: ClosedRange<Int64> = 0...4_000_000_000_000
    /// A day, in milliseconds.
    static let longestStall: Int64 = 86_400_000
    static let mostLinks: UInt64 = 1 << 32

    static func moment(_ milliseconds: Int64) -> Int64 {
        min(max(milliseconds, moments.lowerBound), moments.upperBound)
    }

    /// A quarter of an hour at most.
    static func microseconds(_ value: Int64) -> Int64 { min(max(0, value), 1_000_000_000) }
}

/// Takes looks in, in the order of their time.
private struct StatusMeasurer {
    /// What tells an end from all others, however often it is told.
    private struct EndKey: Hashable {
        var life: String
        var end: Measurements.End
    }

    private struct UpKey: Hashable {
        var observer: Int
        var life: String
        var link: UInt64
    }

    private var facts: Measurements
    private var places: OrderedDictionary<String, Int?> = [:]
    private var unanswered: [(place: String, at: Int64)] = []
    private var ends: OrderedSet<EndKey> = []
    private var ups: OrderedSet<UpKey> = []
    private var stalls: OrderedSet<Measurements.Stall> = []
    /// Links lost so far by an observer's own count, and as its list told them.
    private var counted: OrderedDictionary<UpKey, UInt64> = [:]
    private var untold: UInt64 = 0
    private var lacksFigures: OrderedSet<String> = []

    init(_ facts: Measurements) {
        self.facts = facts
    }

    mutating func take(_ sample: StatusSample) {
        guard let status = sample.status else {
            unanswered.append((sample.place, sample.atMilliseconds))
            return
        }
        let host = facts.number(of: status.identity)
        if let known = places[sample.place], known != host {
            facts.remarks.append(
                "\(sample.place) answered as another node later on: what it says counts for the node that said it."
            )
        }
        places[sample.place] = .some(host)
        guard let host else { return }
        facts.looks.append(Measurements.Look(host: host, at: sample.atMilliseconds, isAnswered: true))
        take(status, of: host, at: sample.atMilliseconds)
    }

    var finished: Measurements {
        var facts = facts
        for (place, host) in places where host == nil {
            facts.remarks.append("\(place) is no masternode of the network file: its own links are left out.")
        }
        for (place, at) in unanswered {
            guard let host = places[place] ?? nil else { continue }
            facts.looks.append(Measurements.Look(host: host, at: at, isAnswered: false))
        }
        var silent: OrderedSet<String> = []
        for (place, _) in unanswered where places[place] == nil { silent.append(place) }
        for place in silent { facts.remarks.append("\(place) never answered: who it is, is not known.") }
        for place in lacksFigures {
            facts.remarks.append(
                "\(place) runs a version that measures neither clocks nor stalls: restarts of it may be missing."
            )
        }
        if untold > 0 {
            facts.remarks.append(
                "\(untold) links were lost that no look told of, since a node tells the last sixteen ends: look more often."
            )
        }
        facts.looks.sort { ($0.at, $0.host) < ($1.at, $1.host) }
        facts.ends.sort { ($0.at, $0.observer, $0.peer, $0.link) < ($1.at, $1.observer, $1.peer, $1.link) }
        facts.ups.sort { ($0.at, $0.observer, $0.peer, $0.link) < ($1.at, $1.observer, $1.peer, $1.link) }
        facts.stalls.sort { ($0.began, $0.host) < ($1.began, $1.host) }
        return facts
    }

    private mutating func take(_ status: NodeStatus, of host: Int, at now: Int64) {
        let start = now - milliseconds(status.uptimeSeconds)
        let life = status.incarnation ?? "?"
        if status.incarnation == nil { lacksFigures.append(facts.hosts[host].name) }
        note(Measurements.Life(host: host, incarnation: status.incarnation, start: start, seen: now, isOwn: true))
        let ahead = status.wallMilliseconds.map { Bounds.moment($0) - now } ?? 0
        if status.wallMilliseconds != nil {
            facts.clocks.append(Measurements.ClockLook(host: host, at: now, ahead: ahead, start: start))
        }
        for stall in status.loop?.stalls ?? [] {
            let began = Bounds.moment(stall.beganMilliseconds) - ahead
            let lasted = min(max(0, stall.lastedMilliseconds), Bounds.longestStall)
            let isTold = stalls.contains {
                $0.host == host && $0.lasted == lasted && abs($0.began - began) < 1_000
            }
            guard began >= facts.span.lowerBound, !isTold else { continue }
            let stall = Measurements.Stall(host: host, began: began, lasted: lasted)
            stalls.append(stall)
            facts.stalls.append(stall)
        }
        for peer in status.peers {
            guard let other = peer.identity.flatMap(facts.number), other != host else { continue }
            take(peer, other, of: host, life, ahead: ahead, at: now)
        }
    }

    /// Looks at one process, by one witness, are one life: it began when it was first said to have.
    private mutating func note(_ life: Measurements.Life) {
        let known = facts.lives.lastIndex {
            $0.host == life.host && $0.isOwn == life.isOwn && $0.incarnation == life.incarnation
        }
        if let known, life.incarnation != nil || life.start <= facts.lives[known].seen {
            facts.lives[known].start = min(facts.lives[known].start, life.start)
            facts.lives[known].seen = life.seen
        } else {
            facts.lives.append(life)
        }
    }

    private mutating func take(
        _ peer: PeerStatus, _ other: Int, of host: Int, _ life: String, ahead: Int64, at now: Int64
    ) {
        if peer.state == .up, let link = peer.link, let age = peer.ageSeconds {
            let up = now - milliseconds(age)
            if ups.append(UpKey(observer: host, life: life, link: link)).inserted {
                facts.ups.append(
                    Measurements.Up(observer: host, peer: other, link: link, at: up, incarnation: peer.incarnation)
                )
            } else if let incarnation = peer.incarnation,
                let place = facts.ups.lastIndex(where: { $0.observer == host && $0.link == link && $0.peer == other }),
                facts.ups[place].incarnation == nil
            {
                // The first look at a link can come before its first measurement.
                facts.ups[place].incarnation = incarnation
            }
            if let incarnation = peer.incarnation {
                note(Measurements.Life(host: other, incarnation: incarnation, start: up, seen: now, isOwn: false))
            }
            if let path = peer.path { facts.paths.append(look(path, other, of: host, life, link, at: now)) }
        }
        var isNew: UInt64 = 0
        for outcome in peer.last {
            let key = Measurements.End(
                observer: host, peer: other, link: outcome.link.number, at: Bounds.moment(outcome.at.milliseconds),
                kind: outcome.kind,
                reason: outcome.reason, ender: outcome.ender
            )
            guard ends.append(EndKey(life: life, end: key)).inserted else { continue }
            if outcome.kind == .lost { isNew += 1 }
            var end = key
            end.at -= ahead
            if end.at >= facts.span.lowerBound { facts.ends.append(end) }
        }
        let key = UpKey(observer: host, life: life, link: UInt64(other))
        let lost = min(peer.tallies.linksLost, Bounds.mostLinks)
        if let before = counted[key], lost > before + isNew { untold += lost - before - isNew }
        counted[key] = lost
    }

    private func look(
        _ path: PathStatus, _ peer: Int, of host: Int, _ life: String, _ link: UInt64, at now: Int64
    ) -> Measurements.PathLook {
        Measurements.PathLook(
            observer: host, peer: peer, life: life, link: link, at: now,
            roundTrip: Bounds.microseconds(path.roundTripMicroseconds),
            counters: Measurements.PathLook.Counters(
                variation: Bounds.microseconds(path.variationMicroseconds),
                leastRoundTrip: Bounds.microseconds(path.leastRoundTripMicroseconds),
                calmRoundTrip: Bounds.microseconds(path.calmRoundTripMicroseconds),
                calmVariation: Bounds.microseconds(path.calmVariationMicroseconds),
                segmentsSent: Int64(path.segmentsSent), retransmitted: Int64(path.retransmitted),
                heardAt: now - milliseconds(path.silentSeconds)
            )
        )
    }

    private func milliseconds(_ seconds: Double) -> Int64 { Int64((min(max(0, seconds), 1e12) * 1_000).rounded()) }
}

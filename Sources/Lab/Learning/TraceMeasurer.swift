import Collections
import Kernel
import Trace
import Wire

/// Measures out of traces: of simulated runs, and of real nodes that were started with `--record`.
///
/// A trace has no counts of segments and sees no stall; it has when processes and links began and ended, and the round
/// trip of every dial, handshake and ping. Times are those of the nodes' own wall clocks.
package struct TraceMeasurer {
    /// A link on its way to being up, or up, at one node.
    private struct Track {
        var dialledAt: Int64?
        /// When this end last said a word of the handshake that the other one answers.
        var greetedAt: Int64?
        var incarnation: String?
        var peer: Int?
        /// Round trips of before the peer was known: when, in milliseconds, and microseconds.
        var waiting: [(at: Int64, roundTrip: Int64)] = []
    }

    /// One node of the traces.
    private struct Observer {
        var host: Int
        /// Processes so far: link numbers begin anew with each.
        var starts = 0
        /// A dial's round trip holds that of TLS too.
        var isSecure: Bool
        /// When the process under way started, in milliseconds; nil before anything was read of it.
        var started: Int64?
        /// Its wall clock at its last input, in milliseconds, and its own clock then, in nanoseconds.
        var wall: Int64 = 0
        var time: Int64 = 0
        var tracks: OrderedDictionary<UInt64, Track> = [:]
        var pings: OrderedDictionary<UInt64, Int64> = [:]
        /// Links of a checkpoint that no wall clock is known for yet, and how long before it they came up, in nanoseconds.
        var early: [(number: UInt64, peer: Int, ago: Int64)] = []
        /// The moment of that checkpoint.
        var earlyAt: Int64 = 0
    }

    private var facts: Measurements?
    private var from = Int64.max
    private var until = Int64.min

    package init() {}

    /// Reads one trace to its end.
    ///
    /// - Throws: ``TraceError`` for a damaged trace, ``MeasurementError`` for one of another network than the first.
    package mutating func read(_ reader: inout TraceReader, name: String) throws {
        try take(reader.header, name: name)
        var observers: OrderedDictionary<String, Observer> = [:]
        for node in reader.header.nodes {
            guard let host = facts?.number(of: node.identity) else { continue }
            let isSecure = reader.header.profiles[node.profile].text.contains("use: tls")
            observers[node.name] = Observer(host: host, isSecure: isSecure)
        }
        while let line = try reader.next() {
            let entry = try TraceReader.entry(line)
            guard var observer = observers[entry.node] else { continue }
            switch entry.content {
            case .input(let input, let wall, _, _): take(input, at: entry.time, wall: wall, &observer)
            case .effect:
                if let observation = try TraceReader.observation(line) { take(observation, at: entry.time, &observer) }
            case .checkpoint(let checkpoint): take(checkpoint, at: entry.time, &observer)
            case .process, .admitted: break
            }
            observers[entry.node] = observer
        }
        for observer in observers.values { close(observer) }
    }

    /// What all traces tell together.
    package func measurements() throws(MeasurementError) -> Measurements {
        guard var facts, from <= until else {
            throw MeasurementError(
                .noSamples, "the traces hold no input of any node", help: "Let the nodes run for longer."
            )
        }
        guard facts.hosts.count >= 2 else {
            throw MeasurementError(
                .tooFewHosts, "the traces know of fewer than two masternodes: a scenario needs two",
                help: "Record nodes whose network file names the masternodes."
            )
        }
        facts.span = from...until
        facts.lives.sort { ($0.seen, $0.host) < ($1.seen, $1.host) }
        facts.ends.sort { ($0.at, $0.observer, $0.peer, $0.link) < ($1.at, $1.observer, $1.peer, $1.link) }
        facts.ups.sort { ($0.at, $0.observer, $0.peer, $0.link) < ($1.at, $1.observer, $1.peer, $1.link) }
        facts.paths.sort { ($0.at, $0.observer, $0.peer, $0.link) < ($1.at, $1.observer, $1.peer, $1.link) }
        return facts
    }

    private mutating func take(_ header: TraceHeader, name: String) throws(MeasurementError) {
        guard let network = header.networks.first else { return }
        var facts =
            facts
            ?? Measurements(
                network: network.name, slotInterval: network.slotInterval,
                minimumMasternodes: network.minimumMasternodes
            )
        guard network.name == facts.network else {
            throw MeasurementError(
                .anotherNetwork, "\(name) is of the network '\(network.name)', the first is of '\(facts.network)'",
                help: "Learn from one network at a time: leave that trace out."
            )
        }
        guard self.facts == nil else { return }
        for member in header.networks.flatMap(\.masternodes) where facts.number(of: member.identity) == nil {
            // A masternode whose address the network file leaves open has no place in a scenario.
            guard let endpoint = member.endpoint else { continue }
            facts.hosts.append(Measurements.Host(identity: member.identity, name: member.name, endpoint: endpoint))
        }
        facts.hosts.sort { ($0.endpoint, $0.identity) < ($1.endpoint, $1.identity) }
        self.facts = facts
    }

    // MARK: Records

    private mutating func take(_ input: Input, at time: Int64, wall: WallTime, _ observer: inout Observer) {
        let now = wall.milliseconds
        if case .start = input { close(observer) }
        // The oldest record that a real node kept need not be its first: its own clock tells since when it runs.
        if observer.started == nil { observer.started = now - time / 1_000_000 }
        observer.wall = now
        observer.time = time
        if !observer.early.isEmpty { dateEarlyLinks(&observer, at: time, wall: now) }
        from = min(from, now)
        until = max(until, now)
        switch input {
        case .start:
            observer.starts += 1
            observer.started = now
            observer.tracks = [:]
            observer.pings = [:]
        case .opened(let link, _):
            if let dialled = observer.tracks[link.number]?.dialledAt, !observer.isSecure {
                note(time - dialled, link.number, at: now, &observer)
            }
        case .received(let link, .helloAck(let ack)):
            observer.tracks[link.number, default: Track()].incarnation = hexadecimal(ack.incarnation)
            if let greeted = observer.tracks[link.number]?.greetedAt {
                note(time - greeted, link.number, at: now, &observer)
            }
        case .received(let link, .proof):
            if let answered = observer.tracks[link.number]?.greetedAt {
                note(time - answered, link.number, at: now, &observer)
            }
        case .received(let link, .hello(let hello)):
            observer.tracks[link.number, default: Track()].incarnation = hexadecimal(hello.incarnation)
        case .received(let link, .pong(let nonce)):
            if let pinged = observer.pings.removeValue(forKey: nonce) {
                note(time - pinged, link.number, at: now, &observer)
            }
        default: break
        }
    }

    /// What a process is in the middle of its life: the links that it has came up before anything was kept of it.
    private mutating func take(_ checkpoint: NodeCheckpoint, at time: Int64, _ observer: inout Observer) {
        for link in checkpoint.links where link.phase == .up {
            guard observer.tracks[link.id.number] == nil, let peer = link.peer.flatMap({ facts?.number(of: $0) }) else {
                continue
            }
            observer.tracks[link.id.number] = Track(peer: peer)
            observer.early.append((link.id.number, peer, ago: time - (link.upAt ?? link.openedAt).nanoseconds))
        }
        observer.earlyAt = time
    }

    /// A wall clock was read for the first time: now it can be said when the first links came up.
    private mutating func dateEarlyLinks(_ observer: inout Observer, at time: Int64, wall: Int64) {
        for link in observer.early {
            let at = wall - (time - observer.earlyAt + link.ago) / 1_000_000
            facts?.ups.append(
                Measurements.Up(observer: observer.host, peer: link.peer, link: link.number, at: at, incarnation: nil)
            )
        }
        observer.early = []
    }

    /// A process was last heard of.
    private mutating func close(_ observer: Observer) {
        guard let started = observer.started else { return }
        facts?.lives.append(
            Measurements.Life(
                host: observer.host, incarnation: nil, start: started, seen: observer.wall, isOwn: true
            )
        )
    }

    private mutating func take(_ observation: TraceObservation, at time: Int64, _ observer: inout Observer) {
        let now = observer.wall + (time - observer.time) / 1_000_000
        switch observation {
        case .dialled(let link, _): observer.tracks[link.number, default: Track()].dialledAt = time
        case .greeted(let link), .answered(let link): observer.tracks[link.number, default: Track()].greetedAt = time
        case .pinged(_, let nonce):
            observer.pings[nonce] = time
            if observer.pings.count > 4_096 { observer.pings.removeFirst() }
        case .up(let link, let identity):
            guard let peer = facts?.number(of: identity) else { return }
            var track = observer.tracks[link.number] ?? Track()
            track.peer = peer
            facts?.ups.append(
                Measurements.Up(
                    observer: observer.host, peer: peer, link: link.number, at: now, incarnation: track.incarnation
                )
            )
            // A handshake proves that a process was there at the other end.
            if let incarnation = track.incarnation {
                facts?.lives.append(
                    Measurements.Life(host: peer, incarnation: incarnation, start: now, seen: now, isOwn: false)
                )
            }
            let waiting = track.waiting
            track.waiting = []
            observer.tracks[link.number] = track
            for sample in waiting { add(sample.roundTrip, link.number, at: sample.at, observer, peer) }
        case .ended(let link, let identity, let remote, let reason, let ender, let wasUp, let isDialFailure):
            let track = observer.tracks.removeValue(forKey: link.number)
            let known = identity.flatMap { facts?.number(of: $0) } ?? track?.peer
            guard let peer = known ?? facts?.hosts.firstIndex(where: { $0.endpoint == remote }) else { return }
            facts?.ends.append(
                Measurements.End(
                    observer: observer.host, peer: peer, link: link.number, at: now,
                    kind: isDialFailure ? .dialFailed : wasUp ? .lost : .failed, reason: reason, ender: ender
                )
            )
        }
    }

    /// A round trip of `nanoseconds` was seen on a link.
    private mutating func note(_ nanoseconds: Int64, _ link: UInt64, at now: Int64, _ observer: inout Observer) {
        // A file may say that the answer came before the question.
        guard nanoseconds >= 0 else { return }
        let roundTrip = nanoseconds / 1_000
        if let peer = observer.tracks[link]?.peer {
            add(roundTrip, link, at: now, observer, peer)
        } else {
            observer.tracks[link, default: Track()].waiting.append((now, roundTrip))
        }
    }

    private mutating func add(
        _ roundTrip: Int64, _ link: UInt64, at now: Int64, _ observer: Observer, _ peer: Int
    ) {
        facts?.paths.append(
            Measurements.PathLook(
                observer: observer.host, peer: peer, life: "\(observer.starts)", link: link, at: now,
                roundTrip: roundTrip
            )
        )
    }

    private func hexadecimal(_ bits: UInt64) -> String { String(bits, radix: 16) }
}

import Collections
import Kernel
import Wire

extension SingleLink {
    /// Dials that find out whether a peer which dialled us can be dialled: those under way, and what came of the last ones.
    struct Probes: Codable, Sendable {
        private(set) var underWay: OrderedDictionary<LinkID, Probe> = [:]
        /// Who was probed last, oldest first.
        private(set) var last: OrderedDictionary<Reputation.Subject, LastProbe> = [:]

        subscript(link: LinkID) -> Probe? {
            get { underWay[link] }
            set { underWay[link] = newValue }
        }

        mutating func remove(_ link: LinkID) -> Probe? { underWay.removeValue(forKey: link) }

        func last(of subject: Reputation.Subject) -> LastProbe? { last[subject] }

        /// A probe begins; the newest goes to the end.
        mutating func begin(_ probe: Probe, over link: LinkID, at now: Instant) {
            last[probe.subject] = nil
            last[probe.subject] = LastProbe(at: now, identity: probe.identity)
            underWay[link] = probe
        }

        /// What came of a probe, unless another peer of its subject was probed since.
        mutating func note(_ found: Dialability, of probe: Probe) {
            if last[probe.subject]?.identity == probe.identity { last[probe.subject]?.found = found }
        }

        /// Forgets probes that began before a moment.
        mutating func forgetLast(before moment: Instant) {
            while let (subject, probe) = last.elements.first, probe.at <= moment { last[subject] = nil }
        }

        /// Links of an earlier process are gone.
        mutating func keep(where isThere: (LinkID) -> Bool) { underWay.removeAll { !isThere($0.key) } }

        mutating func forgetLast() { last = [:] }
    }

    /// One probe under way.
    struct Probe: Codable, Sendable {
        /// Who is to answer, and is told what came of it.
        var identity: Identity
        var endpoint: Endpoint
        var subject: Reputation.Subject
        var stage = Stage.opening

        enum Stage: Codable, Sendable {
            /// The transport is being opened.
            case opening
            /// The `Hello` is out; what both ends sign begins so.
            case awaitingAck(transcript: [UInt8])
            /// The answer's signature is being checked.
            case verifying
        }
    }

    /// The last probe of a masternode or trusted peer, or of a stranger's site.
    struct LastProbe: Codable, Sendable {
        var at: Instant
        var identity: Identity
        /// What came of it; nil while it is under way, and where it said nothing.
        var found: Dialability?
    }
}

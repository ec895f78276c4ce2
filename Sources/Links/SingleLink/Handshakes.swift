import Collections
import Kernel
import Wire

extension SingleLink {
    /// Handshakes under way, ours and theirs, and the signature checks of these and of probes.
    struct Handshakes: Codable, Sendable {
        private(set) var underWay: OrderedDictionary<LinkID, Handshake> = [:]
        private(set) var checks: OrderedDictionary<Token, LinkID> = [:]
        /// Where the other end has told of another process before the link was up: once is enough.
        private var told: OrderedSet<LinkID> = []

        subscript(link: LinkID) -> Handshake? {
            get { underWay[link] }
            set { underWay[link] = newValue }
        }

        mutating func remove(_ link: LinkID) -> Handshake? {
            told.remove(link)
            return underWay.removeValue(forKey: link)
        }

        func hasTold(_ link: LinkID) -> Bool { told.contains(link) }

        /// The other end tells of another process.
        ///
        /// - Returns: whether it may: it has said who it is, and tells for the first time.
        mutating func mayTell(_ link: LinkID) -> Bool {
            guard let handshake = underWay[link], !handshake.isSilent else { return false }
            return told.append(link).inserted
        }

        /// The links of those that others began, oldest first.
        var incoming: [LinkID] { underWay.elements.filter { $0.value.isIncoming }.map(\.key) }

        /// A signature is being checked for a link.
        mutating func awaitAnswer(_ token: Token, for link: LinkID) { checks[token] = link }

        /// The verifier has answered: for which link.
        mutating func answered(_ token: Token) -> LinkID? { checks.removeValue(forKey: token) }

        /// No answer of the verifier is of use for this link any more.
        mutating func forgetChecks(of link: LinkID) { checks.removeAll { $0.value == link } }

        /// Links, and answers that an earlier process waited for, are gone.
        mutating func keep(where isThere: (LinkID) -> Bool) {
            checks = [:]
            underWay.removeAll { !isThere($0.key) }
            told.removeAll { !isThere($0) }
        }
    }

    /// One handshake: where it stands, with what the next word needs.
    enum Handshake: Codable, Sendable {
        // Others dialled.
        /// Nobody has spoken yet.
        case awaitingHello
        /// A probe was answered; there is nothing more to say.
        case probed
        /// The `Hello` alone is believed and not answered yet (`ack`): never between two inputs.
        case believed(Party)
        /// The dialler's signature is to come.
        case awaitingProof(Party, Question)
        case verifyingProof(Party)
        /// The dialler's last word is to come (`verdict`).
        case awaitingReady(Party, Question)
        // We dialled.
        /// Our `Hello` is out, for the peer in this place.
        case awaitingAck(place: Int, Question)
        case verifyingAck(Party, transcript: [UInt8])
        case awaitingAdmission(Party)

        /// Somebody else dialled.
        var isIncoming: Bool {
            switch self {
            case .awaitingHello, .probed, .believed, .awaitingProof, .verifyingProof, .awaitingReady: true
            case .awaitingAck, .verifyingAck, .awaitingAdmission: false
            }
        }

        /// The other end's `Hello` has had no answer: a refusal can be one.
        var isUnanswered: Bool {
            switch self {
            case .awaitingHello, .believed: true
            default: false
            }
        }

        /// The other end has said nothing yet.
        var isSilent: Bool {
            if case .awaitingHello = self { true } else { false }
        }

        /// The other end, where it has said who it is.
        var party: Party? {
            switch self {
            case .awaitingHello, .probed, .awaitingAck: nil
            case .believed(let party), .awaitingProof(let party, _), .verifyingProof(let party),
                .awaitingReady(let party, _), .verifyingAck(let party, _), .awaitingAdmission(let party):
                party
            }
        }

        /// Place of the peer among the peers; nil until an incoming `Hello` names it.
        var place: Int? {
            if case .awaitingAck(let place, _) = self { place } else { party?.place }
        }

        /// A name that is the same in each version: part of the canonical form.
        var name: String {
            switch self {
            case .awaitingHello: "awaitingHello"
            case .probed: "probed"
            case .believed: "believed"
            case .awaitingProof: "awaitingProof"
            case .verifyingProof: "verifyingProof"
            case .awaitingReady: "awaitingReady"
            case .awaitingAck: "awaitingAck"
            case .verifyingAck: "verifyingAck"
            case .awaitingAdmission: "awaitingAdmission"
            }
        }
    }

    /// The other end of a handshake that has said who it is.
    struct Party: Codable, Sendable {
        /// Among the peers.
        var place: Int
        var claim: Claim
        /// What its answer to our word told; nil until it has answered.
        var reading: Reading?
    }

    /// A word of ours that the other end's next one answers.
    struct Question: Codable, Sendable {
        var askedAt: Instant
        /// What both ends sign.
        var transcript: [UInt8]

        /// - Parameter wall: what the other end's clock showed as it answered, in milliseconds since 1970; nil where it does
        ///   not say.
        func reading(wall: Int64?, at now: Instant) -> Reading {
            let roundTrip = now - askedAt
            return Reading(
                roundTrip: roundTrip,
                clock: wall.flatMap { PeerClock(reading: $0, at: now, roundTrip: roundTrip) }
            )
        }
    }

    /// What an answer told beside its words.
    struct Reading: Codable, Sendable {
        var roundTrip: Duration
        /// The peer's wall clock, believed once the peer is.
        var clock: PeerClock?
    }

    /// What an incoming `Hello` says about its sender, believed only once it is proven (where the style proves it).
    struct Claim: Codable, Sendable {
        var identity: Identity
        var incarnation: UInt64
        var dialSequence: UInt64
        var endedSequence: UInt64
        var listen: Endpoint
        var takesDialability = false
        var statement: ProcessStatement?

        var process: PeerProcess { PeerProcess(incarnation: incarnation, statement: statement) }
    }
}

import Collections
import Kernel
import Wire

extension SingleLink {
    /// Everything the policy remembers: bounded by the peers wanted, plus `maximumLinks` strangers.
    public struct State: Codable, Sendable {
        /// What each discovery module said last, by its place in the node.
        var wishes: OrderedDictionary<Int, [Wish]> = [:]
        /// Every peer ever wanted or linked; a place is never given to another peer while it is in use.
        var peers: [Peer] = []
        /// Handshakes under way, ours and theirs.
        var handshakes: OrderedDictionary<LinkID, Handshake> = [:]
        /// Signature checks under way.
        var checks: OrderedDictionary<Token, LinkID> = [:]
        var places: OrderedDictionary<Identity, Int> = [:]
        /// What strangers have broken, and who is banned for it.
        var reputation = Reputation()
        /// What each link that is up has said lately.
        var meters = LinkMap<RateLimit.Meter>()
        /// Picks the networks that are protected from eviction; drawn when it is first needed.
        var secret: UInt64?
        /// A stranger is wanted, and as many strangers as may be are dialled or linked.
        var isOutboundFull = false
        /// Probes of ours under way.
        var probes: OrderedDictionary<LinkID, Probe> = [:]
        /// Who was probed last, oldest first.
        var probed: OrderedDictionary<Reputation.Subject, LastProbe> = [:]
        /// What the outside was last told of how this node can be dialled.
        var dialability: Dialability?

        func index(of identity: Identity) -> Int? { places[identity] }
    }

    /// One peer.
    struct Peer: Codable, Sendable {
        /// Unknown for a bare address until its first handshake.
        var identity: Identity?
        /// Where to dial; nil for a stranger that dialled us.
        var endpoint: Endpoint?
        var isWanted = false
        var isMasternode = false
        /// The one link that is up.
        var up: Established?
        /// Our dial under way.
        var dialling: Attempt?
        /// How many dials of ours this peer has seen.
        var dialSequence: UInt64 = 0
        /// The highest sequence of the peer's dials whose link we have seen end.
        var endedSequence: UInt64 = 0
        /// Process start the peer told last, and the ones it replaced.
        var incarnation: UInt64?
        /// The newest link at the moment when `incarnation` was learnt: who comes over that one or an older one under
        /// another number was there before, or comes again.
        var incarnationSince: LinkID?
        var formerIncarnations: [UInt64] = []
        /// Failures in a row.
        var failures = 0
        /// The last of those that were refusals of its host, without anything else in between.
        var refusals = 0
        /// No dial before this.
        var notBefore: Instant = .zero
        /// Since when the other end has had the turn to dial; `passive_wait` ago where this end need not wait for it.
        var waitingSince: Instant?

        /// Whether this is the link that is up, or our dial.
        func holds(_ id: LinkID) -> Bool { up?.link == id || dialling?.link == id }
    }

    /// A link that is up.
    struct Established: Codable, Sendable {
        var link: LinkID
        var since: Instant
        var direction: LinkDirection
        /// The dialler's sequence for it.
        var sequence: UInt64
        /// From our answer to the dialler's next word; nil where the handshake has none.
        var roundTrip: Duration?
        /// When something new and right last came over it.
        var usefulAt: Instant?
        /// Where the dialler says that it listens, if it wants to know whether that is so.
        var advertised: Endpoint?
        /// What this link says of how this node can be dialled.
        var evidence: Evidence?
    }

    /// A dial of ours that is not up yet.
    struct Attempt: Codable, Sendable {
        var link: LinkID
        var sequence: UInt64
        /// The `Hello` is out: from here on the other end may count on this dial.
        var isGreeted = false
    }

    /// One handshake: what was said so far, and what comes next.
    struct Handshake: Codable, Sendable {
        var stage: Stage
        /// Place of the peer in `peers`; nil until an incoming `Hello` names it.
        var peer: Int?
        var claim: Claim?
        /// What both ends sign.
        var transcript: [UInt8] = []
        /// When the dialler was answered, and how long its next word took.
        var answeredAt: Instant?
        var roundTrip: Duration?

        /// Somebody else dialled.
        var isIncoming: Bool {
            switch stage {
            case .awaitingHello, .awaitingProof, .verifyingProof, .awaitingReady, .probed: true
            case .awaitingAck, .verifyingAck, .awaitingAdmission: false
            }
        }

        enum Stage: String, Codable {
            // acceptor
            case awaitingHello
            case awaitingProof
            case verifyingProof
            case awaitingReady
            /// A probe was answered; there is nothing more to say.
            case probed
            // dialler
            case awaitingAck
            case verifyingAck
            case awaitingAdmission
        }
    }

    /// What an incoming `Hello` says about its sender, believed only once it is proven (where the style proves it).
    struct Claim: Codable, Sendable {
        var identity: Identity
        var incarnation: UInt64
        var dialSequence: UInt64
        var endedSequence: UInt64
        var listen: Endpoint
        var takesDialability = false
    }
}

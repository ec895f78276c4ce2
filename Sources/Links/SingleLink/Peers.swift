import Collections
import Kernel
import Wire

extension SingleLink {
    /// Every peer ever wanted or linked, each in a place of its own; a place is never given to another peer while it is in
    /// use. A bare address has a place without a name until its first handshake.
    struct Peers: Codable, Sendable, MutableCollection, RandomAccessCollection {
        private var entries: [Peer] = []
        /// The places of those whose identity is known.
        private var places: OrderedDictionary<Identity, Int> = [:]

        var startIndex: Int { 0 }
        var endIndex: Int { entries.count }

        subscript(place: Int) -> Peer {
            get { entries[place] }
            _modify { yield &entries[place] }
        }

        /// The place of a peer by its name.
        func place(of identity: Identity) -> Int? { places[identity] }

        /// Each name with its place.
        var named: [(identity: Identity, place: Int)] { places.elements.map { ($0.key, $0.value) } }

        /// The place of the peer that has this address without a name, or under whatever name.
        func place(at endpoint: Endpoint?) -> Int? {
            entries.firstIndex { $0.endpoint == endpoint }.map { place in
                entries[place].identity.flatMap { places[$0] } ?? place
            }
        }

        /// A new place.
        mutating func append(_ identity: Identity?, _ endpoint: Endpoint?) -> Int {
            entries.append(Peer(identity: identity, endpoint: endpoint))
            if let identity { places[identity] = entries.count - 1 }
            return entries.count - 1
        }

        /// Gives the place of a peer that is of no use any more to another one.
        mutating func replace(_ place: Int, by identity: Identity?, _ endpoint: Endpoint?) {
            if let old = entries[place].identity, places[old] == place { places[old] = nil }
            entries[place] = Peer(identity: identity, endpoint: endpoint)
            if let identity { places[identity] = place }
        }

        /// A bare address has turned out to be this peer.
        mutating func name(_ place: Int, _ identity: Identity) {
            entries[place].identity = identity
            places[identity] = place
        }
    }

    /// One peer.
    struct Peer: Codable, Sendable {
        /// Unknown for a bare address until its first handshake.
        var identity: Identity?
        /// Where to dial; nil for a stranger that dialled us.
        var endpoint: Endpoint?
        var isWanted = false
        /// Since when no discovery module wants it any more; nil where one does, and where none ever did.
        var unwantedSince: Instant?
        /// It has proven its key in a handshake with this process.
        var hasProvenKey = false
        var isMasternode = false
        /// The one link that is up.
        var up: Established?
        /// Our dial under way.
        var dialling: Attempt?
        /// How many dials of ours this peer has seen.
        var dialSequence: UInt64 = 0
        /// The highest sequence of the peer's dials whose link we have seen end.
        var endedSequence: UInt64 = 0
        /// The process that the peer told of last, and the ones that it replaced.
        var process: PeerProcess?
        /// The newest link at the moment when `process` was learnt: who comes over that one or an older one under
        /// another number was there before, or comes again.
        var incarnationSince: LinkID?
        var formerProcesses: [FormerProcess] = []
        /// When both of two processes of this peer were last told of each other.
        var toldAt: Instant?
        /// Failures in a row.
        var failures = 0
        /// The last of those that were refusals of its host, without anything else in between.
        var refusals = 0
        /// No dial before this.
        var notBefore: Instant = .zero
        /// Since when the other end has had the turn to dial; `passive_wait` ago where this end need not wait for it.
        var waitingSince: Instant?

        var incarnation: UInt64? { process?.incarnation }

        func former(_ incarnation: UInt64) -> FormerProcess? {
            formerProcesses.first { $0.process.incarnation == incarnation }
        }

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
        /// From our word in the handshake to the peer's next one; nil where the handshake has none.
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
}

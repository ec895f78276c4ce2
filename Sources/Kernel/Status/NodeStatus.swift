import Wire

/// What a node tells the outside about itself: a value, made from a snapshot, so that asking never disturbs the node.
public struct NodeStatus: Sendable, Hashable, Codable {
    public let identity: Identity
    /// From the network file; nil for a node that is no masternode.
    public let name: String?
    public let network: String
    /// Version of the program.
    public let version: String
    /// Where the node listens.
    public let address: Endpoint
    public let uptimeSeconds: Double
    /// The node's wall clock, in milliseconds since 1970; nil where the driver does not say.
    public let wallMilliseconds: Int64?
    /// Names this start of the process, as handshakes do: 16 hexadecimal digits.
    public let incarnation: String?
    public let slotIntervalSeconds: Double?
    /// This host's wall clock less the median of linked peers' clocks; nil where no handshake has told.
    public let clockOffsetSeconds: Double?
    /// How many peers' clocks that compares.
    public let clockPeers: Int?
    /// How the event loop kept its time; nil where the driver does not measure it.
    public let loop: LoopStatus?
    /// What became of those who called; nil where the driver does not count it.
    public let door: DoorCounters?
    /// Height of the highest block held.
    public let height: UInt64
    public let hash: BlockHash
    /// Linked masternodes, and this node itself where it is one.
    public let activeMasternodes: Int
    /// Fewer than these make no block.
    public let minimumMasternodes: Int
    /// Distinct peers with a link up.
    public let connectedPeers: Int
    /// The network's other masternodes first, then everybody else who has proven an identity or whom this node dialled.
    public private(set) var peers: [PeerStatus]
    /// Callers of the last hour that have proven no identity, by their networks of addresses, the latest first; nil where an
    /// older version wrote the status.
    public private(set) var callers: [CallerGroup]?
    public let counters: StatusCounters
    /// The same by reason; nil where an older version wrote the status.
    public let reasons: ReasonCounts?
    /// Whether others can dial this node; nil while too few have said.
    public let dialability: DialabilityStatus?
    /// Whether the node can do its work; nil where an older version wrote the status.
    public let readiness: Readiness?
    /// What was seen that does not mend itself; nil where an older version wrote the status.
    public let problems: [StatusProblem]?
    /// Log lines that nobody read; nil where nobody counts them.
    public let log: LogCounters?
    /// Another process with this node's own key; nil while none is heard of.
    public let otherProcess: OtherProcessStatus?

    private enum CodingKeys: String, CodingKey {
        case identity
        case name
        case network
        case version
        case address
        case uptimeSeconds = "uptime_seconds"
        case wallMilliseconds = "wall_ms"
        case incarnation
        case slotIntervalSeconds = "slot_interval_seconds"
        case clockOffsetSeconds = "clock_offset_seconds"
        case clockPeers = "clock_peers"
        case loop
        case door
        case height
        case hash
        case activeMasternodes = "active_masternodes"
        case minimumMasternodes = "minimum_masternodes"
        case connectedPeers = "connected_peers"
        case peers
        case counters
        case reasons
        case dialability
        case callers
        case readiness
        case problems
        case log
        case otherProcess = "other_process"
    }

    /// The status of the node `identity` that listens at `address`.
    ///
    /// - Parameters:
    ///   - links: every link that has not ended.
    ///   - now: on the clock that the links' instants are of.
    ///   - measured: what the driver measured of links; those that it measured nothing of have no figures.
    public init(
        identity: Identity, address: Endpoint, version: String, network: NetworkView, chain: ChainStatus,
        links: [Link], ledger: StatusLedger, now: Instant, wall: WallTime? = nil, incarnation: UInt64? = nil,
        measured: [LinkMeasurement] = [], loop: LoopStatus? = nil, door: DoorCounters? = nil,
        log: LogCounters? = nil
    ) {
        self.identity = identity
        self.name = network.masternode(identity)?.name
        self.network = network.name
        self.version = version
        self.address = address
        self.uptimeSeconds = wholeMilliseconds(now - .zero)
        self.wallMilliseconds = wall?.milliseconds
        self.incarnation = incarnation.map(hexadecimal)
        self.slotIntervalSeconds = wholeMilliseconds(network.slotInterval)
        let clock = wall.flatMap { ClockOffset(links: links, network: network, now: now, wall: $0) }
        self.clockOffsetSeconds = clock.map { Double($0.offset.nanoseconds / 1_000_000) / 1_000 }
        self.clockPeers = clock?.peers
        self.loop = loop
        self.door = door
        self.height = chain.height
        self.hash = chain.hash
        self.activeMasternodes = chain.activeMasternodes
        self.minimumMasternodes = network.minimumMasternodes
        self.counters = ledger.counters
        self.reasons = ledger.reasons
        self.dialability = ledger.dialability
        self.readiness = Readiness(network: network, chain: chain, uptime: now - .zero, wall: wall)
        self.problems = ledger.problems
        self.log = log
        self.callers = ledger.callers(at: now)
        self.otherProcess = ledger.otherProcess
        self.peers = Self.peers(
            besides: identity, network: network, links: links, ledger: ledger, measured: measured, now: now, wall: wall
        )
        self.connectedPeers = peers.count { $0.state == .up }
    }

    /// The same without the peers that are no masternodes, of which strangers can make many.
    package func withoutStrangers() -> NodeStatus {
        var copy = self
        copy.peers = peers.filter(\.isMasternode)
        copy.callers = []
        return copy
    }

    private static func peers(
        besides own: Identity, network: NetworkView, links: [Link], ledger: StatusLedger,
        measured: [LinkMeasurement], now: Instant, wall: WallTime?
    ) -> [PeerStatus] {
        let filed = links.filter { !$0.isProbe }.compactMap { link in
            key(of: link, in: network).map { (key: $0, link: link) }
        }.sorted { $0.key < $1.key }
        let measured = measured.sorted { $0.link < $1.link }
        let members = network.masternodes.filter { $0.identity != own }
        var keys = members.map { PeerKey.identity($0.identity) }
        // Both are sorted, and so is what they are merged into.
        let others = (filed.map(\.key) + ledger.peers.map(\.key)).sorted()
        for key in others where key != keys.last && !isMember(key, of: network) { keys.append(key) }
        return keys.map { key in
            let (identity, fallback) = parts(of: key)
            let low = filed.partitioningIndex { !($0.key < key) }
            return PeerStatus(
                identity: identity, member: identity.flatMap(network.masternode), record: ledger.peer(key),
                links: filed[low...].prefix { $0.key == key }.map(\.link), measured: measured, now: now,
                wall: wall, fallback: fallback
            )
        }
    }

    /// Nil for a caller that has only said who it is, unless it calls from that masternode's address.
    private static func key(of link: Link, in network: NetworkView) -> PeerKey? {
        if link.direction == .accepted, link.upAt == nil, link.phase != .up {
            guard let claimed = link.peer, network.masternode(claimed)?.endpoint?.ip == link.remote.ip else {
                return nil
            }
            return .identity(claimed)
        }
        if let identity = link.peer ?? link.expected { return .identity(identity) }
        let known = network.masternodes.first { $0.endpoint == link.remote }
        return known.map { .identity($0.identity) } ?? .address(link.remote)
    }

    private static func isMember(_ key: PeerKey, of network: NetworkView) -> Bool {
        guard case .identity(let identity) = key else { return false }
        return network.masternode(identity) != nil
    }

    private static func parts(of key: PeerKey) -> (Identity?, Endpoint) {
        switch key {
        case .identity(let identity): (identity, Endpoint(ip: IPAddress(version4: 0), port: 0))
        case .address(let endpoint): (nil, endpoint)
        }
    }
}

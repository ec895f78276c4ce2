import Wire

/// One peer as operators see it: its link, if any, and why earlier ones ended.
public struct PeerStatus: Sendable, Hashable, Codable {
    /// How far the peer's best link has come.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        case up
        case handshaking
        case connecting
        /// No link at all.
        case down
    }

    /// Nil until a handshake named it.
    public let identity: Identity?
    /// From the network file.
    public let name: String?
    public let address: Endpoint
    public let isMasternode: Bool
    public let state: State
    /// Of the best link.
    public let direction: LinkDirection?
    /// Generation of the best link.
    public let link: UInt64?
    /// Seconds since the best link was up, or since it was begun where it is not up.
    public let ageSeconds: Double?
    /// How many links there are with this peer; more than one for longer than a moment is a fault.
    public let links: Int
    /// Names the peer's process, as its handshake on the best link did: 16 hexadecimal digits.
    public let incarnation: String?
    /// What TCP measured on the best link; nil where nobody has measured it, or not yet.
    public let path: PathStatus?
    public let tallies: PeerTallies
    /// The last ends and refusals, oldest first.
    public let last: [PeerOutcome]
    /// The last things of this peer's that were not taken, oldest first; nil where an older version wrote the status.
    public let objections: [PeerObjection]?
    /// Whether we could dial the peer, which had dialled us; nil where that was not tried.
    public let probe: DialabilityStatus?
    /// A second process with the peer's key, which this node refused for the one at `address`; nil where none was seen.
    public let otherProcess: OtherProcessStatus?
    /// The name of a value that the peer holds otherwise than this node, of what all nodes must hold alike.
    public let difference: String?
    /// The peer's wall clock less this host's, as the best link's handshake told; nil where it told nothing.
    public let clockOffsetSeconds: Double?

    private enum CodingKeys: String, CodingKey {
        case identity
        case name
        case address
        case isMasternode = "masternode"
        case state
        case direction
        case link
        case ageSeconds = "age_seconds"
        case links
        case incarnation
        case path
        case tallies
        case last
        case objections
        case probe
        case otherProcess = "other_process"
        case difference = "agreement_difference"
        case clockOffsetSeconds = "clock_offset_seconds"
    }

    /// - Parameter measured: ordered by link.
    init(
        identity: Identity?, member: NetworkView.Masternode?, record: PeerRecord?, links: [Link],
        measured: [LinkMeasurement], now: Instant, wall: WallTime?, fallback: Endpoint
    ) {
        let best = links.max { left, right in
            left.phase == right.phase ? left.id < right.id : left.phase.rawValue < right.phase.rawValue
        }
        self.identity = identity
        self.name = member?.name
        self.address = member?.endpoint ?? best?.remote ?? record?.endpoint ?? fallback
        self.isMasternode = member != nil
        self.state = best.map { State($0.phase) } ?? .down
        self.direction = best?.direction
        self.link = best?.id.number
        self.ageSeconds = best.map { wholeMilliseconds(now - ($0.upAt ?? $0.openedAt)) }
        self.links = links.count
        let measurement = best.flatMap { link in
            let index = measured.partitioningIndex { $0.link >= link.id }
            return measured[index...].first.flatMap { $0.link == link.id ? $0 : nil }
        }
        self.incarnation = measurement?.incarnation.map(hexadecimal)
        self.path = measurement?.path.map { PathStatus($0, now: now) }
        self.tallies = record?.tallies ?? PeerTallies()
        self.last = record?.outcomes ?? []
        self.objections = record?.objections ?? []
        self.probe = record?.probe
        self.otherProcess = record?.otherProcess
        self.difference = record?.difference
        self.clockOffsetSeconds = wall.flatMap { wall in
            let clock = best.flatMap { link in
                ClockOffset(links: [link], network: nil, now: now, wall: wall)
            }
            return clock.map { Double(-($0.offset.nanoseconds / 1_000_000)) / 1_000 }
        }
    }
}

extension PeerStatus.State {
    init(_ phase: LinkPhase) {
        switch phase {
        case .connecting: self = .connecting
        case .handshaking: self = .handshaking
        case .up: self = .up
        case .halfClosed: self = .down
        }
    }
}

/// Seconds with three decimals, so that JSON stays readable.
func wholeMilliseconds(_ duration: Duration) -> Double {
    Double(max(0, duration.nanoseconds) / 1_000_000) / 1_000
}

/// Sixteen hexadecimal digits: JSON numbers of many readers lose bits of 64.
func hexadecimal(_ bits: UInt64) -> String {
    let digits = String(bits, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
}

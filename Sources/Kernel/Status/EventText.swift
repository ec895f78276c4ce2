import Profile
import Wire

/// Renders events as the log lines that operators grep for.
///
/// The shapes "Peer check: …", "Skipping outbound to …", "Connected to peer: …", "Handshake completed with …" and
/// "Peer … disconnected (EOF)" are those of the network that the incident report describes; other reasons stand in the
/// same brackets as their word.
public struct EventText: Sendable {
    /// One line of a log.
    public struct Line: Sendable, Hashable {
        public let level: NoteLevel
        public let message: String
        /// For structured logs: `reason`, `peer`, `address`, `link` and the like, in a fixed order.
        public let metadata: [Field]

        public init(level: NoteLevel, message: String, metadata: [Field]) {
            self.level = level
            self.message = message
            self.metadata = metadata
        }
    }

    /// One key and value of a line's metadata.
    public struct Field: Sendable, Hashable {
        public let key: String
        public let value: String

        public init(key: String, value: String) {
            self.key = key
            self.value = value
        }
    }

    let network: NetworkView
    let rule: DialRule
    /// Two masternodes on one host are told apart by their ports only.
    private let showsPorts: Bool

    /// A renderer for a node of `network` whose links policy dials by `rule`.
    public init(network: NetworkView, rule: DialRule = .pair) {
        self.network = network
        self.rule = rule
        let hosts = network.masternodes.compactMap(\.endpoint?.ip).sorted()
        self.showsPorts = zip(hosts, hosts.dropFirst()).contains { $0 == $1 }
    }

    /// The lines of an event: none, one, or two.
    public func lines(for event: Event) -> [Line] {
        switch event {
        case .dialStarted, .dialFailed, .dialLeftToPeer, .handshakeBegun, .peerCheck, .wanted: dialLines(for: event)
        case .linkUp, .linkEnded, .refused, .takeover: linkLines(for: event)
        case .twoProcesses, .identityConflict: processLines(for: event)
        case .agreementDiffers(let link, let identity, let remote, let value):
            [agreementLine(link, identity, remote, value)]
        case .probed, .dialability: dialabilityLines(for: event)
        case .clockOffset(let found, let isWrong): [clockLine(found, isWrong: isWrong)]
        case .blockProduced, .blockAccepted, .ownSlotSkipped, .reorganised, .blockRejected, .equivocated,
            .storeHalted, .storeResumed:
            chainLines(for: event)
        case .addressRefused, .requestSent, .requestAnswered, .messageDropped, .fieldsIgnored, .note:
            otherLines(for: event)
        }
    }

    // MARK: Words

    /// The name that the network file gives, else the identity's first digits.
    func name(_ identity: Identity) -> String { network.masternode(identity)?.name ?? identity.description }

    /// A peer's address: the one in the network file where there is one, because an accepted link's port says nothing.
    func place(_ identity: Identity?, _ remote: Endpoint) -> String {
        let endpoint = identity.flatMap { network.masternode($0)?.endpoint } ?? remote
        return showsPorts ? endpoint.description : endpoint.ip.description
    }

    /// The word in brackets.
    func word(_ reason: Reason) -> String { reason == .endOfStream ? "EOF" : reason.rawValue }

    /// The word in brackets, and whose it is where the peer gave it.
    func word(_ reason: Reason, of ender: LinkEnder) -> String {
        Reason.isWord(reason, of: ender) ? "peer said: \(reason.rawValue)" : word(reason)
    }

    func fields(_ link: LinkID?, _ identity: Identity?, _ remote: Endpoint?, _ more: [Field] = []) -> [Field] {
        var fields: [Field] = []
        if let link { fields.append(Field(key: "link", value: String(link.number))) }
        if let identity { fields.append(Field(key: "peer", value: identity.hex)) }
        if let remote { fields.append(Field(key: "address", value: remote.description)) }
        return fields + more
    }

    func line(_ level: NoteLevel, _ message: String, _ metadata: [Field] = []) -> Line {
        Line(level: level, message: message, metadata: metadata)
    }
}

import Wire

/// How often each reason was given since the node started, by what was ended, dropped or turned down.
///
/// Bounded by the words there are: kinds, reasons and ends are enumerations.
///
/// JSON: `{"ends":[{"count":3,"ended_by":"us","outcome":"lost","reason":"silent"}],
/// "messages":[{"channel":"consensus","count":1,"reason":"queue-full"}],
/// "objections":[{"count":2,"reason":"bad-signature","to":"block"}]}`, each list in the order of its words.
public struct ReasonCounts: Sendable, Hashable, Codable {
    /// Links, attempts at links, and refusals.
    public private(set) var ends: [End] = []
    /// Messages that did not reach their receiver.
    public private(set) var messages: [Message] = []
    /// What a peer sent and this node did not take, and slots in which this node made no block.
    public private(set) var objections: [Objection] = []

    public init() {}

    /// So many links or attempts that ended alike.
    public struct End: Sendable, Hashable, Codable {
        public let outcome: PeerOutcome.Kind
        public let reason: Reason
        public let ender: LinkEnder
        public fileprivate(set) var count: UInt64

        private enum CodingKeys: String, CodingKey {
            case outcome
            case reason
            case ender = "ended_by"
            case count
        }

        /// One end. A dial that nobody decided on counts as the transport's.
        init(_ outcome: PeerOutcome) {
            self.outcome = outcome.kind
            reason = outcome.reason
            ender = outcome.ender ?? .transport
            count = 1
        }

        func isSameWay(as other: End) -> Bool {
            outcome == other.outcome && reason == other.reason && ender == other.ender
        }

        mutating func add() { count += 1 }
    }

    /// So many messages of one channel that were dropped for one cause.
    public struct Message: Sendable, Hashable, Codable {
        /// `liveness`, `consensus` and so on.
        public let channel: String
        public let cause: DropCause
        public fileprivate(set) var count: UInt64

        private enum CodingKeys: String, CodingKey {
            case channel
            case cause = "reason"
            case count
        }
    }

    /// So many things of one kind that were turned down for one cause.
    public struct Objection: Sendable, Hashable, Codable {
        public let kind: PeerObjection.Kind
        public let cause: String
        public fileprivate(set) var count: UInt64

        private enum CodingKeys: String, CodingKey {
            case kind = "to"
            case cause = "reason"
            case count
        }
    }

    mutating func count(_ outcome: PeerOutcome) {
        let end = End(outcome)
        if let index = ends.firstIndex(where: { $0.isSameWay(as: end) }) {
            ends[index].add()
        } else {
            ends.insertSorted(end) { [$0.outcome.rawValue, $0.reason.rawValue, $0.ender.rawValue] }
        }
    }

    mutating func count(_ channel: Channel, _ cause: DropCause) {
        let channel = "\(channel)"
        if let index = messages.firstIndex(where: { $0.channel == channel && $0.cause == cause }) {
            messages[index].count += 1
        } else {
            messages.insertSorted(Message(channel: channel, cause: cause, count: 1)) {
                [$0.channel, $0.cause.rawValue]
            }
        }
    }

    mutating func count(_ kind: PeerObjection.Kind, _ cause: String) {
        if let index = objections.firstIndex(where: { $0.kind == kind && $0.cause == cause }) {
            objections[index].count += 1
        } else {
            objections.insertSorted(Objection(kind: kind, cause: cause, count: 1)) { [$0.kind.rawValue, $0.cause] }
        }
    }
}

extension Array {
    fileprivate mutating func insertSorted(_ element: Element, by words: (Element) -> [String]) {
        let own = words(element)
        insert(element, at: firstIndex { own.lexicographicallyPrecedes(words($0)) } ?? endIndex)
    }
}

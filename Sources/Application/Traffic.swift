import Collections
import Kernel
import Profile
import Wire

/// application `traffic`: declared load. Every interval it asks each linked peer for an answer of a stated size, and
/// it answers what others ask, so that a run can tell a link that is useful from one that merely stands.
public struct Traffic: WorkloadPolicy {
    public typealias Messages = TrafficMessage

    /// Requests remembered at most; beyond it the oldest is forgotten.
    public static let maximumOutstanding = 4096
    /// A request without an answer is forgotten after this long.
    public static let patience = Duration.seconds(60)

    /// What the profile says.
    public let options: TrafficOptions
    public var state = State()

    /// A module that has not started.
    public init(options: TrafficOptions) {
        self.options = options
    }

    public mutating func start(_ context: inout Context) {
        // Nodes that start together must not ask together for ever.
        let phase = context.random(below: options.interval)
        state.nextRound = context.now + options.interval + phase
        context.schedule(TrafficTimer.round, at: state.nextRound)
    }

    public mutating func fired(_ timer: TrafficTimer, _ context: inout Context) {
        forgetExpired(context.now)
        for peer in linkedPeers(context) { ask(peer, &context) }
        // Counted from the round that was due, so that late ticks do not add up; a round that a stall swallowed is
        // not made up for.
        let next = state.nextRound + options.interval
        state.nextRound = next > context.now ? next : context.now + options.interval
        context.schedule(TrafficTimer.round, at: state.nextRound)
    }

    public mutating func received(_ message: TrafficMessage, from link: LinkID, _ context: inout Context) {
        switch message {
        case .request(let id, _):
            context.reply(Messages.reply(id: id, padding: UInt32(options.reply)), to: link)
        case .reply(let id, _):
            answered(id, from: context.peer(of: link), &context)
        }
    }

    private mutating func ask(_ peer: Identity, _ context: inout Context) {
        // A number that was read from a damaged state may be the highest.
        state.lastID &+= 1
        if state.outstanding.count >= Self.maximumOutstanding { state.outstanding.removeFirst() }
        state.outstanding.append(Request(id: state.lastID, peer: peer, sentAt: context.now))
        context.send(Messages.request(id: state.lastID, padding: UInt32(options.request)), to: peer)
        context.observe(.requestSent(id: state.lastID))
    }

    private mutating func answered(_ id: UInt64, from peer: Identity?, _ context: inout Context) {
        forgetExpired(context.now)
        // An answer counts only from the peer that was asked.
        guard let index = index(of: id), state.outstanding[index].peer == peer else { return }
        let request = state.outstanding.remove(at: index)
        context.observe(.requestAnswered(id: id, after: context.now - request.sentAt))
    }

    private mutating func forgetExpired(_ now: Instant) {
        let kept = state.outstanding.firstIndex { now - $0.sentAt <= Self.patience } ?? state.outstanding.endIndex
        state.outstanding.removeFirst(kept)
    }

    /// Requests are kept in the order of their numbers.
    private func index(of id: UInt64) -> Int? {
        var low = 0
        var high = state.outstanding.count
        while low < high {
            let middle = (low + high) / 2
            if state.outstanding[middle].id < id { low = middle + 1 } else { high = middle }
        }
        return low < state.outstanding.count && state.outstanding[low].id == id ? low : nil
    }

    private func linkedPeers(_ context: borrowing Context) -> [Identity] {
        let peers = context.links.up.compactMap(\.peer).sorted()
        var distinct: [Identity] = []
        for peer in peers where distinct.last != peer { distinct.append(peer) }
        return distinct
    }
}

extension Traffic {
    /// What the module remembers.
    public struct State: Codable, Sendable, Hashable {
        /// Number of the last request sent.
        public internal(set) var lastID: UInt64 = 0
        /// When the next round is due.
        public internal(set) var nextRound = Instant.zero
        /// Requests without an answer, oldest first.
        public internal(set) var outstanding: Deque<Request> = []

        /// The state before the start.
        public init() {}
    }

    /// A request that waits for its answer.
    public struct Request: Codable, Sendable, Hashable {
        /// Its number; never reused by a node.
        public let id: UInt64
        /// Who was asked.
        public let peer: Identity
        /// When.
        public let sentAt: Instant
    }

    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.workload.rawValue, id: "traffic", version: "1", stability: .beta,
            summary: "declared load: asks every linked peer at regular intervals and answers its questions",
            posture: "answers any linked peer; each answer is as long as the profile says, whatever was asked",
            options: TrafficOptions.spec, isAgreed: false, formerRole: Role.application.rawValue
        ),
        messages: TrafficMessage.self, factory: .workload { Traffic(options: TrafficOptions($0)) }
    )
}

/// The one timer of `traffic`.
public enum TrafficTimer: PolicyTimer {
    /// Time to ask every linked peer.
    case round

    public var code: TimerCode { TimerCode(kind: 0) }

    public init?(code: TimerCode) {
        guard code.kind == 0 else { return nil }
        self = .round
    }
}

import Consensus
import Kernel
import Profile
import Wire

/// A small heartbeat detector that breaks one rule on purpose, or none.
struct Wayward: LivenessPolicy {
    /// What it does wrong.
    enum Fault: String, CaseIterable, Sendable {
        case none
        case drawsFromTheSystem
        case keepsADictionary
        case declaresEndedLinks
        case declaresTwice
        case sendsOverEndedLinks
        case speaksOnAnotherChannel
        case setsTimersInThePast
        case makesUpForStalls
        case firesForEver
        case leavesTimers
        case leavesState
        case remembersOutsideItsState
        case forgetsWhenWritten
        case cannotWriteAFreshState
        case cannotReadItsTimers
        case ticksWithoutLinks
        case growsForEver
        case answersAnswers
        case takesTheStateAsItIs
    }

    static let interval = Duration.seconds(10)
    let fault: Fault
    var state = State()
    private var secret: UInt64 = 0

    init(fault: Fault) {
        self.fault = fault
        if fault == .cannotWriteAFreshState { state.unwritable = Unwritable() }
    }

    struct State: Codable, Sendable {
        var links: [Record] = []
        var byNumber: [UInt64: Int]?
        var history: [UInt64] = []
        var count = Count()
        var unwritable: Unwritable?
    }

    /// Something that has no written form.
    struct Unwritable: Codable, Sendable {
        struct NoForm: Error {}

        func encode(to encoder: any Encoder) throws { throw NoForm() }
    }

    struct Record: Codable, Sendable {
        var link: LinkID
        var next: Instant
    }

    /// A number that a careless author keeps out of the written form.
    struct Count: Codable, Sendable {
        var value: UInt64 = 0
        var isWritten = true

        init() {}

        init(from decoder: any Decoder) throws {
            let written = try decoder.singleValueContainer().decode(UInt64.self)
            isWritten = written > 0
            value = isWritten ? written - 1 : 0
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(isWritten ? value + 1 : 0)
        }
    }

    enum Timer: PolicyTimer {
        case tick(LinkID)
        case alone
        case broken

        var code: TimerCode {
            switch self {
            case .tick(let link): TimerCode(kind: 1, subject: link.number)
            case .alone: TimerCode(kind: 2)
            case .broken: TimerCode(kind: 3)
            }
        }

        init?(code: TimerCode) {
            switch code.kind {
            case 1: self = .tick(LinkID(number: code.subject))
            case 2: self = .alone
            default: return nil
            }
        }
    }

    mutating func start(_ context: inout Context) {
        if fault != .takesTheStateAsItIs { state = State() }
        if fault == .ticksWithoutLinks { context.schedule(Timer.alone, after: Self.interval) }
        state.count.isWritten = fault != .forgetsWhenWritten
    }

    mutating func linkUp(_ link: Link, _ context: inout Context) {
        let next = context.now + Self.interval
        state.links.append(Record(link: link.id, next: next))
        if fault == .keepsADictionary { state.byNumber = [link.id.number: 1] }
        if fault == .cannotReadItsTimers { context.schedule(Timer.broken, at: next) }
        if fault == .setsTimersInThePast, context.now > .zero + .seconds(60) {
            context.schedule(Timer.tick(link.id), at: .zero + .seconds(1))
        } else {
            context.schedule(Timer.tick(link.id), at: next)
        }
    }

    mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        if fault != .leavesState { state.links.removeAll { $0.link == link.id } }
        if fault != .leavesTimers { context.cancel(Timer.tick(link.id)) }
        if fault == .cannotReadItsTimers { context.cancel(Timer.broken) }
        if state.links.isEmpty || fault == .leavesState { state.history = [] }
        state.byNumber = nil
        if fault == .declaresEndedLinks { context.declareDead(link.id, .silent) }
        if fault == .sendsOverEndedLinks { context.send(.ping(nonce: 1), over: link.id) }
    }

    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        switch message {
        case .ping(let nonce): context.reply(.pong(nonce: nonce), to: link)
        case .pong(let nonce): if fault == .answersAnswers { context.reply(.ping(nonce: nonce), to: link) }
        default: break
        }
    }

    mutating func fired(_ timer: Timer, _ context: inout Context) {
        guard case .tick(let link) = timer else {
            if case .alone = timer { context.schedule(timer, after: Self.interval) }
            return
        }
        guard let index = state.links.firstIndex(where: { $0.link == link }) else { return }
        secret += 1
        state.count.value += 1
        if fault == .growsForEver { state.history.append(context.randomBits()) }
        if fault == .declaresTwice, state.count.value == 3 {
            context.declareDead(link, .silent)
            context.declareDead(link, .silent)
        }
        context.send(.ping(nonce: nonce()), over: link)
        if fault == .speaksOnAnotherChannel { context.send(SlotLeaderMessage.getBlocks(from: 1, limit: 1), over: link) }
        switch fault {
        case .makesUpForStalls: state.links[index].next = state.links[index].next + Self.interval
        case .firesForEver: state.links[index].next = context.now
        default: state.links[index].next = context.now + Self.interval
        }
        context.schedule(timer, at: state.links[index].next)
    }

    private func nonce() -> UInt64 {
        switch fault {
        case .drawsFromTheSystem: UInt64.random(in: 1 ... .max)
        case .remembersOutsideItsState: secret
        case .forgetsWhenWritten: state.count.value
        default: 1
        }
    }

    static func descriptor(_ fault: Fault) -> ModuleDescriptor {
        ModuleDescriptor(
            spec: ModuleSpec(
                role: Role.liveness.rawValue, id: "wayward", version: "1", stability: .development,
                summary: "breaks one rule", posture: "for tests", options: OptionSpec([])
            ),
            factory: .liveness { _ in Wayward(fault: fault) }
        )
    }
}

import Consensus
import Kernel
import Profile
import Wire

/// `slot-leader` with one fault on purpose, or none.
struct WaywardConsensus: ConsensusPolicy {
    /// What it does wrong.
    enum Fault: String, CaseIterable, Sendable {
        case none
        case drawsFromTheSystem
        case speaksOnAnotherChannel
        case speaksOverEndedLinks
        case remembersOutsideItsState
        case takesTheStateAsItIs
        case keepsWhatItHears
        case fallsBack
        case hearsNobody
        case makesNoBlock
    }

    struct State: Codable, Sendable {
        var inner: SlotLeader.State
        var heard: [UInt64] = []
        var calls: UInt64 = 0
    }

    let fault: Fault
    private var inner = SlotLeader(options: SlotLeaderOptions(window: 16))
    private var heard: [UInt64] = []
    private var calls: UInt64 = 0
    private var secret: UInt64 = 0

    var state: State {
        get { State(inner: inner.state, heard: heard, calls: calls) }
        set {
            inner.state = newValue.inner
            heard = newValue.heard
            calls = newValue.calls
        }
    }

    var status: ChainStatus {
        var status = inner.status
        if fault == .fallsBack, calls % 7 == 0 { status.height = status.height / 2 }
        return status
    }

    init(fault: Fault) {
        self.fault = fault
    }

    mutating func start(_ context: inout Context) {
        if fault == .takesTheStateAsItIs, inner.status.height > 0 { return }
        inner.start(&context)
    }

    mutating func fired(_ timer: SlotLeaderTimer, _ context: inout Context) {
        calls += 1
        secret += 1
        if fault == .makesNoBlock { return }
        if fault == .drawsFromTheSystem, Bool.random() { context.note(.debug, "drawn") }
        if fault == .remembersOutsideItsState, secret % 5 == 0 { context.note(.debug, "every fifth") }
        inner.fired(timer, &context)
    }

    mutating func linkUp(_ link: Link, _ context: inout Context) {
        inner.linkUp(link, &context)
        if fault == .speaksOnAnotherChannel { context.send(.ping(nonce: 1), over: link.id) }
    }

    mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        inner.linkDown(link, reason, &context)
        if fault == .speaksOverEndedLinks {
            context.send(SlotLeaderMessage.tip(height: 0, hash: .genesis), over: link.id)
        }
    }

    mutating func received(_ message: SlotLeaderMessage, from link: LinkID, _ context: inout Context) {
        calls += 1
        if fault == .keepsWhatItHears { heard += (0..<20).map { _ in context.randomBits() } }
        if fault == .hearsNobody { return }
        inner.received(message, from: link, &context)
    }

    mutating func stored(_ reply: StoreReply, _ context: inout Context) { inner.stored(reply, &context) }

    mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {
        inner.verified(verification, token, &context)
    }

    static func descriptor(_ fault: Fault) -> ModuleDescriptor {
        ModuleDescriptor(
            spec: ModuleSpec(
                role: Role.consensus.rawValue, id: "wayward", version: "1", stability: .development,
                summary: "breaks one rule", posture: "for tests", options: OptionSpec([])
            ),
            messages: SlotLeaderMessage.self, factory: .consensus { _ in WaywardConsensus(fault: fault) }
        )
    }
}

import Application
import Kernel
import Profile
import Wire

/// A workload that asks every linked peer now and then, with one fault on purpose, or none.
struct WaywardWorkload: WorkloadPolicy {
    /// What it does wrong.
    enum Fault: String, CaseIterable, Sendable {
        case none
        case drawsFromTheSystem
        case keepsADictionary
        case speaksOnAnotherChannel
        case setsTimersInThePast
        case remembersOutsideItsState
        case believesInLinksOfBefore
        case keepsWhatItHears
    }

    struct State: Codable, Sendable {
        var links: [LinkID] = []
        var heard: [UInt64] = []
        var byNumber: [UInt64: Int]?
    }

    enum Timer: PolicyTimer {
        case round

        var code: TimerCode { TimerCode(kind: 0) }

        init?(code: TimerCode) {
            self = .round
        }
    }

    let fault: Fault
    var state = State()
    private var secret: UInt64 = 0

    init(fault: Fault) {
        self.fault = fault
    }

    mutating func start(_ context: inout Context) {
        if fault != .believesInLinksOfBefore { state.links = [] }
        context.schedule(Timer.round, after: .seconds(10))
    }

    mutating func fired(_ timer: Timer, _ context: inout Context) {
        secret += 1
        for link in state.links {
            let number = fault == .remembersOutsideItsState ? secret : 1
            context.send(
                TrafficMessage.request(id: fault == .drawsFromTheSystem ? .random(in: 0...9) : number, padding: 9),
                over: link)
            if fault == .speaksOnAnotherChannel { context.send(.ping(nonce: 1), over: link) }
        }
        if fault == .setsTimersInThePast, context.now > .zero + .seconds(60) {
            context.schedule(Timer.round, at: .zero + .seconds(1))
        } else {
            context.schedule(Timer.round, after: .seconds(10))
        }
    }

    mutating func linkUp(_ link: Link, _ context: inout Context) {
        state.links.append(link.id)
        if fault == .keepsADictionary { state.byNumber = [1: 1] }
    }

    mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        state.links.removeAll { $0 == link.id }
    }

    mutating func received(_ message: TrafficMessage, from link: LinkID, _ context: inout Context) {
        if fault == .keepsWhatItHears { state.heard += (0..<9).map { _ in context.randomBits() } }
        if case .request(let id, _) = message { context.reply(TrafficMessage.reply(id: id, padding: 9), to: link) }
    }

    static func descriptor(_ fault: Fault) -> ModuleDescriptor {
        ModuleDescriptor(
            spec: ModuleSpec(
                role: Role.workload.rawValue, id: "wayward", version: "1", stability: .development,
                summary: "breaks one rule", posture: "for tests", options: OptionSpec([])
            ),
            messages: TrafficMessage.self, factory: .workload { _ in WaywardWorkload(fault: fault) }
        )
    }
}

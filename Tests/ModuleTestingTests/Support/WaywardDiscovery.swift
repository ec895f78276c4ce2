import Kernel
import Profile
import Wire

/// A discovery module that breaks one rule on purpose, or none.
struct WaywardDiscovery: DiscoveryPolicy {
    /// What it does wrong.
    enum Fault: String, CaseIterable, Sendable {
        case none
        case wantsItself
        case wantsTwice
        case callsStrangersMasternodes
        case drawsFromTheSystem
        case growsForEver
    }

    enum Timer: PolicyTimer {
        case pass

        var code: TimerCode { TimerCode(kind: 0) }

        init?(code: TimerCode) {
            self = .pass
        }
    }

    struct State: Codable, Sendable {
        var seen: [UInt64] = []
    }

    let fault: Fault
    var state = State()

    init(fault: Fault) {
        self.fault = fault
    }

    mutating func start(_ context: inout Context) { pass(.start, &context) }

    mutating func fired(_ timer: Timer, _ context: inout Context) { pass(.periodic, &context) }

    private mutating func pass(_ pass: DiscoveryPass, _ context: inout Context) {
        let identity = context.identity
        let others = context.network.masternodes.filter { $0.identity != identity || fault == .wantsItself }
        var wishes = others.compactMap { member in
            member.endpoint.map { Wish(identity: member.identity, endpoint: $0, isMasternode: true) }
        }
        if fault == .wantsTwice, let first = wishes.first { wishes.append(first) }
        if fault == .callsStrangersMasternodes {
            let stranger = Endpoint(ip: IPAddress(version4: 0xc000_0299), port: 1)
            wishes.append(Wish(identity: nil, endpoint: stranger, isMasternode: true))
        }
        if fault == .growsForEver { state.seen += (0..<40).map { _ in context.randomBits() } }
        context.want(wishes, pass)
        let jitter = fault == .drawsFromTheSystem ? Int64.random(in: 0...1_000_000) : 0
        context.schedule(Timer.pass, after: .seconds(60) + .microseconds(jitter))
    }

    static func descriptor(_ fault: Fault) -> ModuleDescriptor {
        ModuleDescriptor(
            spec: ModuleSpec(
                role: Role.discovery.rawValue, id: "wayward", version: "1", stability: .development,
                summary: "breaks one rule", posture: "for tests", options: OptionSpec([])
            ),
            factory: .discovery { _ in WaywardDiscovery(fault: fault) }
        )
    }
}

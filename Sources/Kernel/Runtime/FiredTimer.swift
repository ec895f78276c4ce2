/// A timer that has fired, in words.
public struct FiredTimer: Sendable, Hashable {
    /// Whose it is: `liveness`, or `discovery peer-fill` of a role that a node has several modules of.
    public let module: String
    /// The module's own name of it, such as `pass` or `ping(#3)`.
    public let timer: String

    public init(module: String, timer: String) {
        self.module = module
        self.timer = timer
    }
}

extension Node {
    /// The timers that the last input has fired, in order: what `.wake` was about.
    public var firedTimers: [FiredTimer] {
        machine.context.fired.map { key in
            FiredTimer(
                module: machine.context.name(of: key.module), timer: machine.describe(key.code, of: key.module)
            )
        }
    }
}

extension NodeMachine {
    /// The name of the module in a place.
    static func name(of place: UInt8, in modules: PolicySet) -> String {
        let names = streamNames(modules)
        return Int(place) < names.count ? names[Int(place)] : "module \(place)"
    }

    borrowing func describe(_ code: TimerCode, of module: UInt8) -> String {
        switch module {
        case Slot.links: links.describe(code)
        case Slot.liveness: liveness.describe(code)
        case Slot.consensus: consensus.describe(code)
        case ..<firstWorkload: discovery[Int(module - Slot.firstDiscovery)].describe(code)
        default: workloads[Int(module - firstWorkload)].describe(code)
        }
    }
}

extension Policy {
    /// One of this module's timers by the name of its case.
    func describe(_ code: TimerCode) -> String { Timer(code: code).map { "\($0)" } ?? "kind \(code.kind)" }
}

import Kernel

/// The one timer of a discovery module that looks again at regular intervals.
public enum DiscoveryTimer: PolicyTimer {
    /// Time for the next periodic pass.
    case pass

    public var code: TimerCode { TimerCode(kind: 0) }

    public init?(code: TimerCode) {
        guard code.kind == 0 else { return nil }
        self = .pass
    }
}

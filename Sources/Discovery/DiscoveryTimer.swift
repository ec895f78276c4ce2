import Kernel

/// The timers of a discovery module that looks again at regular intervals.
public enum DiscoveryTimer: PolicyTimer {
    /// Time for the next periodic pass.
    case pass
    /// Time for a pass at the start that was put off.
    case start

    public var code: TimerCode { TimerCode(kind: self == .pass ? 0 : 1) }

    public init?(code: TimerCode) {
        switch code.kind {
        case 0: self = .pass
        case 1: self = .start
        default: return nil
        }
    }
}

import Kernel

/// The timers of a discovery module that looks again at regular intervals.
public enum DiscoveryTimer: PolicyTimer {
    /// Time for the next periodic pass.
    case pass
    /// Time for a pass at the start that was put off.
    case start
    /// Time for the next address of a peer.
    case turn

    public var code: TimerCode {
        switch self {
        case .pass: TimerCode(kind: 0)
        case .start: TimerCode(kind: 1)
        case .turn: TimerCode(kind: 2)
        }
    }

    public init?(code: TimerCode) {
        switch code.kind {
        case 0: self = .pass
        case 1: self = .start
        case 2: self = .turn
        default: return nil
        }
    }
}

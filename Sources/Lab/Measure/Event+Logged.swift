import Kernel

extension Event {
    /// Whether an operator's log has a line for it at the usual level.
    var isLogged: Bool {
        switch self {
        case .dialFailed, .dialLeftToPeer, .peerCheck, .linkUp, .refused, .takeover, .blockProduced, .ownSlotSkipped,
            .reorganised, .blockRejected, .equivocated, .dialability, .clockOffset, .agreementDiffers, .twoProcesses,
            .identityConflict, .storeHalted, .storeResumed:
            true
        case .linkEnded(_, _, _, _, let ender, let wasUp, let direction):
            wasUp || direction == .dialled || ender != .us
        case .note(let level, _): level != .debug
        case .addressRefused, .dialStarted, .probed, .handshakeBegun, .requestSent, .requestAnswered, .blockAccepted,
            .messageDropped, .fieldsIgnored, .wanted:
            false
        }
    }
}

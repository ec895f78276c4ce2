import Kernel
import Wire

/// The roles that are not tried: they do nothing.
struct IdleRole: LivenessPolicy, ConsensusPolicy {
    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 1) }
}

/// Signs nothing: on the stage every signature is good.
struct StageSigner: Signer {
    let identity: Identity

    func sign(_ bytes: [UInt8]) -> Signature { .none }
}

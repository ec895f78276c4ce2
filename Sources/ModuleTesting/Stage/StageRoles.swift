import Kernel
import Wire

/// The roles that are not tried: they do nothing.
struct IdleRole: LivenessPolicy, ConsensusPolicy {
    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 1) }
}

import Kernel
import Profile

extension VoteChain {
    /// The module as registries know it.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.consensus.rawValue, id: "vote-chain", version: "1", stability: .development,
            summary: "masternodes vote on a block each slot; two voted blocks in a row make the lower one final",
            posture: "an example: no payload, no relaying; needs a store that outlives the process",
            options: OptionSpec([])
        ),
        messages: VoteChainMessage.self, factory: .consensus { _ in VoteChain() }
    )
}

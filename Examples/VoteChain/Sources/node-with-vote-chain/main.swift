import Kernel
import TimenodeCommands
import VoteChain

await Timenode.main(registry: .standard + [VoteChain.descriptor])

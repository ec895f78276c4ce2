import AckCounter
import Kernel
import TimenodeCommands

await Timenode.main(registry: .standard + [AckCounter.descriptor])

import AckCounter
import TimenodeCommands

await Timenode.main(registry: .standard + [AckCounter.descriptor])

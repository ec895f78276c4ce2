import HeightLine
import Kernel
import TimenodeCommands

await Timenode.main(registry: .standard + [HeightLine.descriptor])

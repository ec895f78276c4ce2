import TimenodeCommands

await Timenode.main(registry: .standard)

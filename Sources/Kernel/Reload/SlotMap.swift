/// Where the modules of a node go when it is reloaded: links, liveness, consensus, discovery and workloads stand behind
/// each other, so a longer list of discovery modules moves the workloads.
struct SlotMap {
    let oldDiscovery: Int
    let newDiscovery: Int
    let oldWorkloads: Int
    let newWorkloads: Int
    /// Whether the liveness module stays.
    let keepsLiveness: Bool

    private static let firstDiscovery = Int(NodeMachine.Slot.firstDiscovery)

    /// The new place of the module that had `slot`; nil where it is gone.
    func place(of slot: UInt8) -> UInt8? {
        if slot == NodeMachine.Slot.liveness { return keepsLiveness ? slot : nil }
        guard slot >= NodeMachine.Slot.firstDiscovery else { return slot }
        let index = Int(slot) - Self.firstDiscovery
        if index < oldDiscovery { return index < newDiscovery ? slot : nil }
        let application = index - oldDiscovery
        guard application < newWorkloads else { return nil }
        return UInt8(Self.firstDiscovery + newDiscovery + application)
    }

    /// Whether the module in this new place was there before.
    func isKept(_ slot: UInt8) -> Bool {
        if slot == NodeMachine.Slot.liveness { return keepsLiveness }
        guard slot >= NodeMachine.Slot.firstDiscovery else { return true }
        let index = Int(slot) - Self.firstDiscovery
        return index < newDiscovery ? index < oldDiscovery : index - newDiscovery < oldWorkloads
    }

    /// The old places of discovery modules that are gone: nobody wants their peers any more.
    var removedDiscovery: [UInt8] {
        newDiscovery < oldDiscovery
            ? (newDiscovery..<oldDiscovery).map { UInt8(Self.firstDiscovery + $0) } : []
    }
}

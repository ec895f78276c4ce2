/// A place where a banned name stands on purpose.
struct AllowedName {
    let file: String
    /// The rule it is let off.
    let rule: String
    /// A part of the line.
    let line: String
    let reason: String

    static let all = [
        AllowedName(
            file: "Sources/Kernel/Runtime/TimerHeap.swift", rule: "hash table", line: "current: [Key: UInt64]",
            reason: "look-up of a timer by its key; the order of firing is the heap's"
        ),
        AllowedName(
            file: "Sources/Kernel/Runtime/Context.swift", rule: "hash table", line: "owners: [Token: UInt8]",
            reason: "look-up of the module that waits for an answer; a checkpoint takes its keys sorted"
        ),
        AllowedName(
            file: "Sources/Lab/Simulation/Simulation.swift", rule: "hash table", line: "hostAt: [Endpoint: Int]",
            reason: "look-up of the host that listens at an address; never walked"
        ),
        AllowedName(
            file: "Sources/Lab/Simulation/Simulation.swift", rule: "hash table", line: "addresses: [Endpoint: Int]",
            reason: "the same table while it is filled, in the order of the hosts"
        ),
        AllowedName(
            file: "Sources/Kernel/Modules/ModuleSnapshot.swift", rule: "Foundation", line: "import Foundation",
            reason: "JSON of a snapshot; nothing of it reaches an effect"
        ),
        AllowedName(
            file: "Sources/Kernel/API/NodeAPI.swift", rule: "task", line: "async",
            reason: "rpc modules are ports: they run outside of the node, which this is their way to"
        ),
        AllowedName(
            file: "Sources/Kernel/API/NodeEvents.swift", rule: "task", line: "async",
            reason: "the same: a reader of events waits outside of the node"
        ),
        AllowedName(
            file: "Sources/Kernel/API/RPCPort.swift", rule: "task", line: "async",
            reason: "the same: a service waits for its clients"
        ),
    ]
}

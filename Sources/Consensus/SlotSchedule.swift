import Kernel
import Wire

/// Which slot it is, and whose turn: arithmetic on the wall clock and the network file, the same at every node.
struct SlotSchedule {
    private let genesis: Int64
    private let interval: Int64
    private let network: NetworkView

    init(_ network: NetworkView) {
        self.network = network
        self.genesis = network.genesis.milliseconds
        // Wall clocks are read to the millisecond, so slots are whole milliseconds too.
        self.interval = max(1, network.slotInterval.nanoseconds / 1_000_000)
    }

    /// The slot that covers `wall`, nil before the genesis.
    func slot(at wall: WallTime) -> UInt64? {
        let (elapsed, overflow) = wall.milliseconds.subtractingReportingOverflow(genesis)
        guard !overflow, elapsed >= 0 else { return nil }
        return UInt64(elapsed / interval)
    }

    /// When `slot` begins; a slot that no clock reaches begins at the end of time.
    func start(of slot: UInt64) -> WallTime {
        guard let number = Int64(exactly: slot) else { return WallTime(milliseconds: .max) }
        let (offset, overflow) = number.multipliedReportingOverflow(by: interval)
        let (start, beyond) = genesis.addingReportingOverflow(offset)
        return WallTime(milliseconds: overflow || beyond ? .max : start)
    }

    /// Whether the leader of `slot` can have read this time while its slot lasted.
    func covers(_ timestamp: Int64, slot: UInt64) -> Bool {
        let start = start(of: slot).milliseconds
        let (elapsed, overflow) = timestamp.subtractingReportingOverflow(start)
        return !overflow && elapsed >= 0 && elapsed < interval
    }

    /// Who may make the block of `slot`: the masternodes take turns in the order of their identities.
    func leader(of slot: UInt64) -> Identity? {
        let masternodes = network.masternodes
        guard !masternodes.isEmpty else { return nil }
        return masternodes[Int(slot % UInt64(masternodes.count))].identity
    }

    /// The first slot of `identity` at or after `slot`, nil for who is no masternode.
    func turn(of identity: Identity, from slot: UInt64) -> UInt64? {
        guard let place = network.masternodes.firstIndex(where: { $0.identity == identity }) else { return nil }
        let count = UInt64(network.masternodes.count)
        let (turn, overflow) = slot.addingReportingOverflow((UInt64(place) + count - slot % count) % count)
        return overflow ? nil : turn
    }
}

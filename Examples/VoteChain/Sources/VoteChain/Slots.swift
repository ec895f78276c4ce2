import Kernel
import Profile
import Wire

/// Which slot it is, and whose turn: arithmetic on the wall clock and the network file.
struct Slots {
    let network: NetworkView

    init(_ network: NetworkView) { self.network = network }

    var milliseconds: Int64 { max(1, network.slotInterval.nanoseconds / 1_000_000) }

    /// How many votes a block needs.
    var quorum: Int { network.quorum.votes(of: network.masternodes.count) }

    /// The slot that covers `wall`; 0 before the genesis.
    func slot(at wall: WallTime) -> UInt64 {
        let (elapsed, overflow) = wall.milliseconds.subtractingReportingOverflow(network.genesis.milliseconds)
        return overflow ? 0 : UInt64(max(0, elapsed) / milliseconds)
    }

    /// The last slot that is believed: clocks may differ by half a slot.
    func horizon(at wall: WallTime) -> UInt64 {
        slot(at: WallTime(milliseconds: wall.milliseconds &+ milliseconds / 2))
    }

    func start(of slot: UInt64) -> WallTime {
        WallTime(milliseconds: network.genesis.milliseconds &+ Int64(clamping: slot) &* milliseconds)
    }

    /// The masternodes take turns in the order of their identities.
    func leader(of slot: UInt64) -> Identity? {
        let masternodes = network.masternodes
        guard !masternodes.isEmpty else { return nil }
        return masternodes[Int(slot % UInt64(masternodes.count))].identity
    }
}

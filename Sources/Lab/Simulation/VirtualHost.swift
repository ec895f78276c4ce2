import Kernel
import Wire

/// One simulated machine: a kernel that answers by itself, a disk, and a process with one node in it.
struct VirtualHost {
    enum Power: UInt8 {
        /// Not started yet, or the process was killed: the kernel refuses connections.
        case idle
        case running
        /// The process exists and does not run: its kernel goes on answering.
        case stalled
        /// The whole machine sleeps, its memory kept: silence, and no clock but the wall's goes on.
        case suspended
        /// No power: silence.
        case off

        /// The process exists.
        var isAlive: Bool { self == .running || self == .stalled || self == .suspended }

        /// The host's kernel takes part in the network.
        var isOn: Bool { self != .off && self != .suspended }
    }

    let index: Int
    let name: String
    let endpoint: Endpoint
    let identity: Identity
    let wheel: TimerWheel
    /// Nothing that it does is measured.
    var isStranger = false
    var power: Power = .idle
    var node: Node?
    var store: (any StoreBackend)?
    /// Process starts so far.
    var starts: UInt64 = 0
    /// The armed tick.
    var wakeAt: Int64 = .max
    /// No fault's end before this one brings the host back: faults overlap.
    var backAt: Int64 = 0

    // Clocks
    /// How much of the run the machine has slept through, in nanoseconds: its monotonic clock lacks it.
    var slept: Int64 = 0
    /// When it fell asleep.
    var asleepSince: Int64 = 0
    /// Timers of the kernel that came due while it slept, with the moment they were due.
    var sleepingTimers: [(event: SimulationEvent, due: Int64)] = []
    /// By how much the wall clock is wrong, in nanoseconds.
    var wallError: Int64 = 0
    /// By how much that grows, in nanoseconds a second.
    var wallDrift: Int64 = 0

    // Resources
    /// When the uplink has sent all that was handed to it.
    var uplinkFreeAt: Int64 = 0
    /// When the process has done all that it was told.
    var loopFreeAt: Int64 = 0
    /// What a durable write takes beyond the usual; full disks refuse.
    var diskDelay: Int64 = 0
    /// Faults that fill the disk, under way.
    var fullDisks = 0
    /// What the disk has to do, oldest first.
    var diskJobs: [(token: Token, job: DiskJob)] = []
    /// What came while the process was stalled, in order.
    var inbox: [Pending] = []
    /// The node's links by number, as places in the socket array.
    var sockets: [Int32] = []

    /// What a stalled process will find when it runs again: what was received comes before any timer.
    enum Pending {
        case accept(socket: Int, generation: UInt32)
        case message(Arrival, Message)
        case end(Arrival, StreamEnd)
        case input(Input)
    }

    /// Connections that the process has not taken in yet.
    var waitingAccepts: Int {
        inbox.count { if case .accept = $0 { true } else { false } }
    }

    /// Which link something came for. What a kernel holds for its process stays there when the connection ends.
    struct Arrival {
        let socket: Int
        let generation: UInt32
        /// Nil where the process has not taken the connection in yet.
        let link: LinkID?
    }
}

import Collections
import Kernel
import Wire

/// One simulated machine: a kernel that answers by itself, a disk, and a process with one node in it.
struct VirtualHost {
    enum Power: UInt8 {
        /// Not started yet, or killed, or not working yet: the kernel refuses connections.
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
    var node: Node? { didSet { process = node.map(Unmanaged.passUnretained) } }
    /// The same, kept alive by `node`: every event asks for it, and counting references was a twenty-fifth of a run.
    private(set) var process: Unmanaged<Node>?
    var store: (any StoreBackend)?
    /// Process starts so far.
    var starts: UInt64 = 0
    /// The armed tick.
    var wakeAt: Int64 = .max

    /// When its first process starts, whatever happens to the machine before.
    var firstStartAt: Int64 = 0

    /// When the process that runs began to work.
    var startedAt: Int64 = 0
    /// Questions of its supervisor in a row that were not answered in time.
    var unanswered = 0

    // Faults that overlap: the end of one is not the end of another.
    /// No fault's end before this one brings a host back that was killed or lost its power.
    var backAt: Int64 = 0
    /// Its kernel is not up before this.
    var poweredAt: Int64 = 0
    /// The process does not run before this.
    var stalledUntil: Int64 = 0
    /// The machine does not wake before this.
    var asleepUntil: Int64 = 0
    /// When the process stopped running, for either reason.
    var standsSince: Int64 = 0

    // Clocks
    /// How much of the run the machine has slept through, in nanoseconds: its monotonic clock lacks it.
    var slept: Int64 = 0
    /// When it fell asleep.
    var asleepSince: Int64 = 0
    /// Timers of the kernel that came due while it slept, with the moment they were due.
    var sleepingTimers: [(timer: SocketTimer, due: Int64)] = []
    /// By how much the wall clock is wrong, in nanoseconds.
    var wallError: Int64 = 0
    /// By how much that grows, in nanoseconds a second.
    var wallDrift: Int64 = 0

    // Resources
    /// When the uplink has sent all that was handed to it.
    var uplinkFreeAt: Int64 = 0
    /// What the process has to do and since when, oldest first; it is at the first. Always empty where nothing costs time.
    var work: Deque<(input: Input, since: Int64)> = []
    /// When it has done the first.
    var workEndsAt: Int64 = 0
    /// The node's tick is due and waits among that.
    var isWakeQueued = false
    /// What a durable write, or a read, takes beyond what the store declares.
    var diskDelay: Int64 = 0
    /// Faults that fill the disk, under way. A full disk refuses every write.
    var fullDisks = 0
    /// What the disk has to do, oldest first.
    var diskJobs: Deque<Effect> = []
    /// When it has written all bytes that it was given.
    var diskWrittenAt: Int64 = 0
    /// When it will have done all that it has to do.
    var diskDoneAt: Int64 = 0
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

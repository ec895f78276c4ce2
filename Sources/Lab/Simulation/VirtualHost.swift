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
        /// No power: silence.
        case off

        /// The process exists.
        var isAlive: Bool { self == .running || self == .stalled }

        /// The host's kernel takes part in the network.
        var isOn: Bool { self != .off }
    }

    let index: Int
    let name: String
    let endpoint: Endpoint
    let identity: Identity
    let wheel: TimerWheel
    var power: Power = .idle
    var node: Node?
    var store: (any StoreBackend)?
    /// Process starts so far.
    var starts: UInt64 = 0
    /// The armed tick.
    var wakeAt: Int64 = .max
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

    /// Which link something came for. What a kernel holds for its process stays there when the connection ends.
    struct Arrival {
        let socket: Int
        let generation: UInt32
        /// Nil where the process has not taken the connection in yet.
        let link: LinkID?
    }
}

import Kernel
import Wire

/// What the simulator's clock holds. A socket is named by its place and the generation of that place, so that events
/// of an earlier connection pass by.
enum SimulationEvent {
    /// A process starts.
    case start(host: Int)
    /// A node's tick.
    case wake(host: Int)
    /// A SYN of this dialler reaches the other host.
    case request(socket: Int, generation: UInt32)
    /// The connection is open at the dialler.
    case connected(socket: Int, generation: UInt32)
    /// RST in answer to a SYN.
    case refused(socket: Int, generation: UInt32)
    /// The acceptor's process can take the connection in.
    case taken(socket: Int, generation: UInt32)
    /// The message with this number of this sender reaches the other end.
    case data(socket: Int, generation: UInt32, number: UInt32, Message)
    /// A part of a message that does not end it, so many bytes on the wire.
    case part(socket: Int, generation: UInt32, number: UInt32, bytes: Int32)
    /// The part that ends a message.
    case lastPart(socket: Int32, generation: UInt32, number: UInt32, bytes: Int32, Message)
    /// The line has sent some of what this end's kernel held.
    case lineFree(socket: Int, generation: UInt32)
    /// Some of what has this number reaches the other end, where all of it will at that time.
    case progress(socket: Int, generation: UInt32, number: UInt32, until: Int64)
    /// The sender's FIN reaches the other end.
    case finish(socket: Int, generation: UInt32)
    /// An RST reaches this socket.
    case reset(socket: Int, generation: UInt32)
    case timer(SocketTimer)
    /// The receiver's kernel says that there is room again.
    case windowOpens(socket: Int, generation: UInt32)
    /// The disk has done the oldest thing that this process asked it for.
    case disk(host: Int32, start: UInt32)
    /// A process has done what it was at.
    case served(host: Int32, start: UInt32)
    /// A service of the driver answers the process that asked.
    case answer(host: Int32, start: UInt32, Input)
    /// A machine that had lost its power has it again.
    case powered(host: Int32)
    case fault(Int)
    case heal(Int)
    /// What restarts nodes looks after this one.
    case supervisor(host: Int32, Simulation.SupervisorStep)
    /// Every fault that ended in a moment has.
    case settled
    /// Faults have been over for as long as the network may take to recover.
    case judge
}

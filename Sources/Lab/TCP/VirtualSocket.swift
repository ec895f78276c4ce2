import Kernel
import Wire

/// One end of a simulated connection, as that host's kernel keeps it.
///
/// Two ends of a connection stand beside each other in the simulation's socket array: `index ^ 1` is the other one.
struct VirtualSocket {
    enum Phase: UInt8 {
        /// The place is free.
        case free
        /// A SYN is out.
        case connecting
        /// Open; the process may not have been told yet.
        case open
        /// The process closed it.
        case closed
    }

    var phase: Phase = .free
    /// Counts reuses of the place, so that late events of an earlier connection pass by.
    var generation: UInt32 = 0
    var host = 0
    /// The process's name for it; nil until the process has taken it in.
    var link: LinkID?
    var isDialler = false
    /// The process reads.
    var isReading = true
    /// Our end of stream is out.
    var isWriteShut = false
    /// The other end's end of stream is here.
    var isEndOfStreamHere = false
    /// One-way latency between the two ends, in nanoseconds.
    var latency: Int64 = 0
    /// Numbers connections over the whole run.
    var connection: UInt64 = 0
    /// Bytes that the process has not read: they take room in the kernel's buffer, and a close answers with RST instead
    /// of FIN.
    var unread = 0

    /// When anything was last heard from the other end.
    var lastHeard: Int64 = 0
    /// No later segment may arrive before this: the stream is ordered.
    var arrivalFloor: Int64 = 0
    /// Segments sent, for the stateless draw of jitter and loss.
    var segments: UInt64 = 0

    /// Set while something is unacknowledged.
    var retransmission: Retransmission?
    /// Set while the receiver has no room.
    var zeroWindow: ZeroWindow?
    /// Tells the armed probe of the window from those of an earlier time without room.
    var windowRound: UInt32 = 0
    /// Messages that have not reached the other end, oldest first, with the bytes they take.
    var queue: [Message] = []
    var queuedBytes = 0
    /// Bytes that have left for the other end and are not there yet; counted where the uplink is limited.
    var inFlight = 0
    /// So many messages at the front of the queue were on their way and came back: they go before what was queued since.
    var returned = 0
    /// The end of stream waits behind the queue.
    var isEndQueued = false

    var keepalive: KeepaliveTimer?
    var userTimeout: Int64?
    /// The driver gives the connection up when what it was told to send waits this long outside the kernel.
    var writeDeadline: Int64?
    /// Since when the kernel has had no room for what waits.
    var blockedSince: Int64?
    /// Tells the armed keepalive event from earlier ones.
    var keepaliveRound: UInt32 = 0
    var request = ConnectionRequest()
    /// When a segment of either direction last went through the address translators on the way; the dialler's end keeps it
    /// for both.
    var mappedAt: Int64 = 0

    /// Keepalive is silent.
    var hasUnacknowledgedData: Bool { retransmission != nil || zeroWindow != nil }
    /// What is sent waits behind what was sent.
    var isHeldUp: Bool { retransmission != nil || zeroWindow != nil }

    /// Forgets what was on its way: the connection is over.
    mutating func stopTimers() {
        retransmission = nil
        zeroWindow = nil
    }
}

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
    /// How this end acknowledges.
    var acknowledgement = DelayedAcknowledgement()
    /// No later segment may arrive before this: the stream is ordered.
    var arrivalFloor: Int64 = 0
    /// Segments sent, for the stateless draw of jitter and loss.
    var segments: UInt64 = 0

    /// Messages that the kernel has taken from the process, each part of a long one for itself.
    var sent: UInt32 = 0
    /// When it last sent one, and which was the first of that moment: they leave as one segment.
    private(set) var sentAt: Int64 = -1
    private(set) var batchStart: UInt32 = 0
    /// The same of the other end that have come, in order and without a gap.
    var received: UInt32 = 0
    /// Bytes that have left for the other end and are not there yet; counted where the uplink is limited.
    var inFlight = 0
    /// The kernel has given the connection up: nothing is sent any more, not even again.
    private(set) var isGone = false
    /// What has not got through; nil as long as everything has.
    private(set) var outbox: Outbox?
    /// What the driver holds; nil as long as its kernel has taken everything at once.
    private(set) var driver: DriverQueue?

    var keepalive: KeepaliveTimer?
    var userTimeout: Int64?
    /// The driver gives the connection up when what it was told to send waits this long outside the kernel.
    var writeDeadline: Int64?
    /// The driver gives the connection up when the other host says nothing for this long.
    var hostSilence: Int64?
    /// Tells the armed look at the silence from earlier ones.
    var silenceRound: UInt32 = 0
    /// Tells the armed keepalive event from earlier ones.
    var keepaliveRound: UInt32 = 0
    /// When a segment of either direction last went through the address translators on the way; the dialler's end keeps it
    /// for both.
    var mappedAt: Int64 = 0

    // Inlined, for a call would copy the whole socket, and every message asks.
    var retransmission: Retransmission? {
        @inline(__always) get { outbox?.retransmission }
        set { if newValue != nil || outbox != nil { openOutbox().retransmission = newValue } }
    }

    var zeroWindow: ZeroWindow? {
        @inline(__always) get { outbox?.zeroWindow }
        set { if newValue != nil || outbox != nil { openOutbox().zeroWindow = newValue } }
    }

    /// What is sent waits behind what was sent, and keepalive is silent.
    var isHeldUp: Bool { @inline(__always) get { outbox?.isHeldUp ?? false } }

    /// Numbers the next message that the process sends.
    @inline(__always) mutating func numberNext(at now: Int64) -> UInt32 {
        sent &+= 1
        if sentAt != now {
            sentAt = now
            batchStart = sent
        }
        return sent
    }

    mutating func openOutbox() -> Outbox {
        if let outbox { return outbox }
        let made = Outbox()
        outbox = made
        return made
    }

    mutating func openDriver(limit: Int) -> DriverQueue {
        if let driver { return driver }
        let made = DriverQueue(limit: limit)
        driver = made
        return made
    }

    /// The process is gone, or has handed over everything.
    mutating func closeDriver() { driver = nil }

    /// All has got through.
    mutating func closeOutbox() {
        outbox = nil
        driver = nil
    }

    /// The connection is over for the kernel: what was on its way and what was to be sent again is forgotten.
    mutating func giveUp() {
        isGone = true
        outbox = nil
        driver = nil
    }
}

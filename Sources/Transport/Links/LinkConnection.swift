import Kernel
import NIOCore
import NIOSSL
import Wire

/// The socket of one link and everything the driver remembers of it. Confined to the event loop.
///
/// What every frame touches is not checked for exclusive access, as in `HostDriver`.
final class LinkConnection {
    /// How far the socket has come.
    enum Stage {
        /// A dial on its way, or an accepted connection in its TLS handshake.
        case opening
        /// The node has been told of it.
        case open
        /// The node is done with it; what is queued still goes out.
        case closing
        /// The socket is gone.
        case closed
    }

    /// The driver's own number, since an accepted connection has no generation before its TLS handshake is done.
    let serial: UInt64
    let direction: LinkDirection
    /// Whom a dial was meant for.
    let expected: Identity?
    /// The other end; nil for an accepted connection whose address is not known yet.
    var remote: Endpoint?
    /// The generation, once the node has given one.
    var id: LinkID?
    var channel: (any NIOCore.Channel)?
    /// Present under TLS.
    var tls: NIOSSLHandler?
    @exclusivity(unchecked) var stage = Stage.opening
    /// The node has said that the link is up.
    @exclusivity(unchecked) var isUp = false
    /// It was taken in and holds one of the places for those that are on their way to being up.
    var isAtDoor = false
    /// It came from an address of a masternode.
    var isOfMasternode = false
    /// When a dial over TLS has to be done with everything.
    var dialDeadline: NIODeadline?
    /// The other end's process, as its handshake names it; of worth only once the link is up.
    var incarnation: UInt64?
    /// The least smoothed round trip that the host's TCP had when it was asked, and its deviation then.
    var calm: LinkMeasurement.Path.Calm?

    // What arrives.
    @exclusivity(unchecked) var decoder = FrameDecoder()
    @exclusivity(unchecked) var incoming = ByteBuffer()
    @exclusivity(unchecked) var isReadingStopped = false
    /// When the node was last told that a long message is on its way.
    var progressToldAt: Instant?
    /// The other end's end of stream has come.
    var isInputClosed = false

    // What goes out.
    /// All frames of this turn, not written yet.
    @exclusivity(unchecked) var outgoing = ByteBuffer()
    /// Bytes of the last turn's frames: the next one is likely to need as much room.
    private var lastTurnBytes = 0
    @exclusivity(unchecked) var queue: SendQueue
    /// How long what is written may wait without the host's TCP taking any of it.
    var writeDeadline: Duration?
    /// How what is written gets on.
    var writeProgress = WriteProgress(at: .now())
    /// Looks whether the write deadline has passed; set while something waits.
    var writeWatch: Scheduled<Void>?
    /// How long the other host may say nothing.
    var hostSilence: Duration?
    /// Looks whether it has said nothing for so long.
    var silenceWatch: Scheduled<Void>?
    /// The end of stream follows what is queued.
    var isWriteShut = false
    /// The end of stream has been handed to the transport.
    var isOutputClosed = false
    /// The other end has to close first.
    var leavesEndToPeer = false

    /// The first error of the transport; what comes after it is a consequence.
    var failure: Reason?
    /// The node has been told that the connection is gone; nothing more is read or sent.
    @exclusivity(unchecked) var hasFailed = false
    /// The TLS handshake's deadline, then that of closing.
    var deadline: Scheduled<Void>?

    init(
        serial: UInt64, direction: LinkDirection, id: LinkID?, remote: Endpoint?, expected: Identity?, sendLimit: Int
    ) {
        self.serial = serial
        self.direction = direction
        self.id = id
        self.remote = remote
        self.expected = expected
        self.queue = SendQueue(limit: sendLimit)
    }

    /// Nothing waits to be sent.
    var isDrained: Bool { outgoing.readableBytes == 0 && queue.pendingBytes == 0 }

    /// Whether a message that has been decoded may still be told to the node.
    var takesInput: Bool { stage == .open && !isReadingStopped && !hasFailed }

    /// What it means that the other end closed in the middle of the TLS handshake: a caller has gone, while whoever was
    /// dialled mostly does not speak TLS.
    var handshakeWithoutEnd: Reason { direction == .accepted ? .endOfStream : .tlsFailed }

    /// Makes room for a turn's first frame of `size` bytes.
    func beginTurn(_ size: Int, _ allocator: ByteBufferAllocator) {
        outgoing = allocator.buffer(capacity: max(256, size, lastTurnBytes))
    }

    /// The frames of the turn, which is over; nil where there are none.
    func endTurn() -> ByteBuffer? {
        guard outgoing.readableBytes > 0 else { return nil }
        let frames = outgoing
        outgoing = ByteBuffer()
        lastTurnBytes = min(Self.mostKeptRoom, frames.readableBytes)
        return frames
    }

    private static let mostKeptRoom = 64 * 1024

    /// Takes bytes of the stream in.
    func append(_ bytes: ByteBuffer) {
        if incoming.readableBytes == 0 {
            incoming = bytes
        } else {
            var bytes = bytes
            incoming.writeBuffer(&bytes)
        }
    }

    /// Gives memory back, or makes room at once for the frame that has begun.
    func trim() {
        if incoming.readableBytes == 0 {
            incoming = ByteBuffer()
        } else if isUp {
            // Room only for peers: a stranger's length would cost us a claim, not him bytes.
            incoming.discardReadBytes()
            incoming.reserveCapacity(minimumWritableBytes: decoder.awaitedBytes)
        }
    }

    /// Closes the transport at once, whatever is queued, without waiting for the other end's TLS.
    func abandon() {
        guard let channel else { return }
        if let tls, let context = try? channel.pipeline.syncOperations.context(handler: tls) {
            context.close(mode: .all, promise: nil)
        } else {
            channel.close(mode: .all, promise: nil)
        }
    }
}

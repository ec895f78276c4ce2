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
    /// How many messages with unknown fields have been told of.
    @exclusivity(unchecked) var messagesWithUnknownFields = 0
    @exclusivity(unchecked) var isReadingStopped = false
    /// When the node was last told that a long message is on its way.
    var progressToldAt: Instant?
    /// The other end's end of stream has come.
    var isInputClosed = false

    // What goes out.
    /// The short frames of this turn, not written yet; they are counted in the queue as handed over.
    @exclusivity(unchecked) var outgoing = ByteBuffer()
    /// Bytes of the last turn's frames: the next one is likely to need as much room.
    private var lastTurnBytes = 0
    /// What waits, and what was handed to the channel; each message by its channel.
    @exclusivity(unchecked) var queue: SendQueue<Wire.Channel>
    /// The frames of what waits.
    @exclusivity(unchecked) var backlog = Backlog()
    /// The turn will look at the link when it ends.
    @exclusivity(unchecked) var isTouched = false
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
    var isDrained: Bool { queue.isDrained }

    /// Whether a message that has been decoded may still be told to the node.
    var takesInput: Bool { stage == .open && !isReadingStopped && !hasFailed }

    /// What it means that the other end closed in the middle of the TLS handshake: a caller has gone, while whoever was
    /// dialled mostly does not speak TLS.
    var handshakeWithoutEnd: Reason { direction == .accepted ? .endOfStream : .tlsFailed }

    /// Takes in a message of `size` bytes that the queue has room for.
    ///
    /// - Returns: false where it is over its channel's limit; nothing has changed then.
    func enqueue(_ message: Message, _ size: Int, _ allocator: ByteBufferAllocator, at now: @autoclosure () -> Instant)
        -> Bool
    {
        let burst = outgoing.readableBytes
        guard queue.admitsAtOnce(size, inBurstOf: burst) else {
            guard let bytes = backlog.append(message, allocator) else { return false }
            queue.append(message.channel, bytes: bytes, message.sendClass, isDroppable: message.isDroppable, at: now())
            return true
        }
        if burst == 0 { outgoing = allocator.buffer(capacity: max(256, size, lastTurnBytes)) }
        guard FrameEncoder.encode(message, into: &outgoing) else { return false }
        queue.hand(outgoing.readableBytes - burst)
        return true
    }

    /// What is to be handed to the channel now: the frames of a turn that is over, then what waits, as far as the host's
    /// TCP keeps up. Empty where there is nothing.
    ///
    /// - Parameter dropped: gets the channels of load that is left out.
    func takeOutgoing(at now: @autoclosure () -> Instant, dropped: inout [Wire.Channel]) -> ByteBuffer {
        var frames = outgoing
        if frames.readableBytes > 0 {
            outgoing = ByteBuffer()
            lastTurnBytes = min(SendLimits.burstBytes, frames.readableBytes)
        }
        guard !queue.isEmpty, queue.handedBytes < queue.ahead else { return frames }
        let now = now()
        while let part = queue.next(
            at: now,
            drop: { channel, sendClass, bytes in
                backlog.drop(bytes, of: sendClass)
                dropped.append(channel)
            })
        {
            backlog.move(part, into: &frames)
        }
        return frames
    }

    /// The link is about to end: load that waits goes nowhere any more.
    func dropLoad() {
        for sendClass in queue.dropLoad() { backlog.drop(sendClass) }
    }

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

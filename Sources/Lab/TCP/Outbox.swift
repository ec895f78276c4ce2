import Wire

/// One message on its way, or a part of one, numbered within its direction of a connection, from 1.
struct Segment {
    let number: UInt32
    /// Nil for a part that does not end its message.
    let message: Message?
    /// Bytes of the stream that it is.
    let bytes: Int

    /// A whole message.
    init(number: UInt32, message: Message) {
        self.init(number: number, message: message, bytes: message.encodedSize)
    }

    init(number: UInt32, message: Message?, bytes: Int) {
        self.number = number
        self.message = message
        self.bytes = bytes
    }
}

/// What one end of a connection keeps besides when all does not go well: what has not got through, with the timer that
/// sends it again, and what has arrived ahead of something that has not.
///
/// A class, so that the many ends that never need one stay small and close together; it belongs to one end.
final class Outbox {
    /// The dialler's SYN, until it is answered.
    var request = ConnectionRequest()
    /// Set while something is unacknowledged.
    var retransmission: Retransmission?
    /// Set while the receiver has no room.
    var zeroWindow: ZeroWindow?
    /// Tells the armed probe of the window from those of an earlier time without room.
    var windowRound: UInt32 = 0
    /// What has not reached the other end, by number.
    private(set) var queue: [Segment] = []
    private(set) var queuedBytes = 0
    /// Since when the kernel has had no room for what waits in the driver, by its host's clock.
    var blockedSince: Int64?
    /// Tells the armed write deadline from those of earlier times without room.
    var blockedRound: UInt32 = 0
    /// The end of stream waits behind the queue.
    var isEndQueued = false
    /// What has come before something that was sent earlier, by number.
    private(set) var early: [Segment] = []
    /// So has the other end's end of stream.
    var isEndEarly = false

    /// What is sent waits behind what was sent.
    var isHeldUp: Bool { retransmission != nil || zeroWindow != nil }

    /// Keeps what did not get through, before everything that was sent after it.
    func keep(_ segment: Segment) {
        Self.insert(segment, into: &queue)
        queuedBytes += segment.bytes
    }

    /// Takes all that waits.
    func takeQueue() -> [Segment] {
        defer {
            queue = []
            queuedBytes = 0
        }
        return queue
    }

    func receiveEarly(_ segment: Segment) { Self.insert(segment, into: &early) }

    /// What follows the message with this number, if it is here already.
    func takeEarly(after number: UInt32) -> Segment? {
        guard let first = early.first, first.number == number &+ 1 else { return nil }
        return early.removeFirst()
    }

    private static func insert(_ segment: Segment, into list: inout [Segment]) {
        let place = list.lastIndex { $0.number < segment.number }.map { $0 + 1 } ?? 0
        list.insert(segment, at: place)
    }
}

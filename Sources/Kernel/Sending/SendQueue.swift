import Collections
import Wire

/// What waits to be sent over one link: more urgent messages first, long ones in parts, and load left out where a slow
/// line has no room for it.
///
/// Both drivers use it. A driver hands to its host's TCP only as much as that takes, or the little that `ahead` allows
/// beyond it: what has been handed over can be overtaken by nothing. The driver keeps the bytes, or the message; the queue
/// keeps the order and the counts. `Item` is what a driver needs to know of a message.
package struct SendQueue<Item: Sendable>: Sendable {
    /// What to do with a message.
    package enum Verdict: Sendable, Hashable {
        /// It goes out, now or later.
        case queued
        /// It is left out, and the link goes on: load can be lost.
        case dropped
        /// The link has to end: what must not be lost does not get out.
        case full
    }

    /// The next piece to hand over: a whole frame, or a part of one.
    package struct Part: Sendable {
        package let item: Item
        package let sendClass: SendClass
        /// Bytes of the frame before this piece.
        package let offset: Int
        /// Bytes of the frame in this piece.
        package let bytes: Int
        /// The piece ends the frame.
        package let isLast: Bool

        /// The frame goes out in one piece.
        package var isWhole: Bool { offset == 0 && isLast }
        /// Bytes that the piece takes on the wire.
        package var wireBytes: Int { isWhole ? bytes : bytes + Frame.partHeaderBytes }
    }

    private struct Entry: Sendable {
        let item: Item
        let bytes: Int
        let isDroppable: Bool
        let since: Instant
        /// Bytes that have been handed over.
        var taken = 0
    }

    /// How many bytes may wait: of what must not be lost, and of everything before load is dropped.
    package let limit: Int
    /// How many bytes may have been handed over that the host's TCP has not taken.
    package let ahead: Int
    /// How many have.
    package private(set) var handedBytes = 0
    /// Bytes that wait to be handed over.
    package private(set) var waitingBytes = 0
    private var droppableBytes = 0
    /// By class, most urgent first; made by the first message that waits.
    private var entries: [Deque<Entry>] = []
    /// Since when load at the head of its class has waited for longer than `SendLimits.patience`.
    private var lateSince: Instant?

    package init(limit: Int, ahead: Int = SendLimits.partBytes) {
        self.limit = limit
        self.ahead = ahead
    }

    /// Nothing waits to be handed over.
    package var isEmpty: Bool { waitingBytes == 0 }

    /// Nothing waits, and the host's TCP has taken everything.
    package var isDrained: Bool { waitingBytes == 0 && handedBytes == 0 }

    /// Judges a frame of `bytes` bytes. One that alone is longer than the limit goes out where nothing else waits: no
    /// waiting would ever make room for it. Load never takes the room of what must not be lost.
    package func verdict(on bytes: Int, isDroppable: Bool) -> Verdict {
        let counted = handedBytes + waitingBytes - (isDroppable ? 0 : droppableBytes)
        if counted == 0 || counted + bytes <= limit { return .queued }
        return isDroppable ? .dropped : .full
    }

    /// Whether a frame may be handed over at once: it is short, and nothing waits.
    ///
    /// - Parameter burst: bytes that this moment has handed over already; all of a moment leaves together.
    package func admitsAtOnce(_ bytes: Int, inBurstOf burst: Int = 0) -> Bool {
        guard waitingBytes == 0, bytes <= SendLimits.partBytes else { return false }
        return handedBytes + bytes <= (handedBytes == burst ? SendLimits.burstBytes : ahead)
    }

    /// Puts a frame behind those of its class.
    package mutating func append(
        _ item: Item, bytes: Int, _ sendClass: SendClass, isDroppable: Bool, at now: Instant
    ) {
        if entries.isEmpty { entries = SendClass.allCases.map { _ in [] } }
        entries[Int(sendClass.rawValue)].append(
            Entry(item: item, bytes: bytes, isDroppable: isDroppable, since: now)
        )
        waitingBytes += bytes
        if isDroppable { droppableBytes += bytes }
    }

    /// Counts bytes that are handed over without waiting.
    package mutating func hand(_ bytes: Int) { handedBytes += bytes }

    /// The host's TCP has taken bytes, or the connection is gone.
    package mutating func taken(_ bytes: Int) {
        precondition(bytes <= handedBytes, "more bytes left the queue than were in it")
        handedBytes -= bytes
    }

    /// The next piece to hand over, counted as handed over; nil where nothing waits, or where so much has been handed
    /// over that the host's TCP has to take some first.
    ///
    /// - Parameter drop: is told of load that is left out, with the bytes of its frame.
    package mutating func next(at now: Instant, drop: (Item, SendClass, Int) -> Void) -> Part? {
        guard waitingBytes > 0, handedBytes < ahead else { return nil }
        for sendClass in SendClass.allCases {
            let place = Int(sendClass.rawValue)
            while let entry = entries[place].first {
                guard isTooLate(entry, now) else { return take(entry, sendClass) }
                removeFirst(place)
                drop(entry.item, sendClass, entry.bytes)
            }
        }
        return nil
    }

    /// Drops all load, also what has been begun: the link is about to end.
    ///
    /// - Returns: the classes of which nothing waits any more.
    package mutating func dropLoad() -> [SendClass] {
        guard droppableBytes > 0 else { return [] }
        var emptied: [SendClass] = []
        for sendClass in SendClass.allCases {
            let place = Int(sendClass.rawValue)
            guard entries[place].contains(where: \.isDroppable) else { continue }
            precondition(entries[place].allSatisfy(\.isDroppable), "a class is dropped as a whole")
            while !entries[place].isEmpty { removeFirst(place) }
            emptied.append(sendClass)
        }
        return emptied
    }

    private mutating func take(_ entry: Entry, _ sendClass: SendClass) -> Part {
        let place = Int(sendClass.rawValue)
        let count = min(SendLimits.partBytes, entry.bytes - entry.taken)
        let part = Part(
            item: entry.item, sendClass: sendClass, offset: entry.taken, bytes: count,
            isLast: entry.taken + count == entry.bytes
        )
        handedBytes += part.wireBytes
        if part.isLast {
            removeFirst(place)
        } else {
            entries[place][entries[place].startIndex].taken += count
            waitingBytes -= count
            if entry.isDroppable { droppableBytes -= count }
        }
        return part
    }

    private mutating func removeFirst(_ place: Int) {
        let entry = entries[place].removeFirst()
        waitingBytes -= entry.bytes - entry.taken
        if entry.isDroppable { droppableBytes -= entry.bytes - entry.taken }
        guard entries[place].isEmpty else { return }
        entries[place] = []
        if entry.isDroppable { lateSince = nil }
    }

    /// Whether load has waited for so long that it is left out. A queue that was held up once and drains keeps all that it
    /// has; one that never gets shorter would hand over nothing but old load.
    private mutating func isTooLate(_ entry: Entry, _ now: Instant) -> Bool {
        guard entry.isDroppable, entry.taken == 0 else { return false }
        guard now - entry.since > SendLimits.patience else {
            lateSince = nil
            return false
        }
        let since = lateSince ?? now
        lateSince = since
        return now - since >= SendLimits.patience
    }
}

/// The sizes of a `SendQueue`.
package enum SendLimits {
    /// A longer frame goes out in parts of so many bytes; at 512 kbit/s one takes a quarter of a second.
    package static let partBytes = 16 * 1024
    /// Short frames of one moment leave together, up to so many bytes, where nothing waits.
    package static let burstBytes = 64 * 1024
    /// Bytes that the host's TCP is to hold that it has not sent (`TCP_NOTSENT_LOWAT`).
    package static let unsentBytes = 16 * 1024
    /// Load that has waited for longer is left out, once the head of the queue has been that old for as long.
    package static let patience: Duration = .seconds(10)
}

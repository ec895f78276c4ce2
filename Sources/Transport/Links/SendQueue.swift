import Wire

/// Counts the bytes of one link that wait for a slow peer, and says what happens to one more message.
///
/// What is counted is written and not yet taken by the host's TCP. A message that alone is longer than the limit goes
/// out where nothing else waits: no waiting would ever make room for it.
struct SendQueue: Sendable, Hashable {
    /// What to do with a message.
    enum Verdict: Sendable, Hashable {
        /// It goes out; its bytes are counted.
        case queued
        /// It is left out, and the link goes on: declared load can be lost.
        case dropped
        /// The link has to end: every other channel relies on nothing being lost.
        case full
    }

    /// How many bytes may wait.
    let limit: Int
    /// How many bytes wait.
    private(set) var pendingBytes = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// Judges a message of `bytes` bytes on `channel`.
    mutating func offer(_ bytes: Int, on channel: Channel) -> Verdict {
        guard pendingBytes == 0 || pendingBytes + bytes <= limit else {
            return channel == .application ? .dropped : .full
        }
        pendingBytes += bytes
        return .queued
    }

    /// Bytes have left the queue: the host's TCP took them, or the connection is gone.
    mutating func release(_ bytes: Int) {
        precondition(bytes <= pendingBytes, "more bytes left the queue than were in it")
        pendingBytes -= bytes
    }
}

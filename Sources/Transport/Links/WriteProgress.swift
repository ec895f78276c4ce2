import NIOCore

/// Since when nothing of what waits to be sent has been taken.
///
/// A write of megabytes over a slow path is taken bit by bit, so it is bytes that are looked at and not writes: the host's
/// TCP has taken some of what is buffered, or the other end's has acknowledged some of what was taken. The second matters
/// where buffers are large and the path is slow: the host's TCP takes nothing more until a good part of what it has is
/// gone.
struct WriteProgress: Sendable, Hashable {
    /// How far writing has come.
    struct Mark: Sendable, Hashable {
        /// Bytes that the host's TCP has not taken.
        var buffered = 0
        /// Bytes that the other end's has acknowledged; 0 where the system does not tell.
        var acknowledged: UInt64 = 0
    }

    private var since: NIODeadline
    private var mark: Mark

    init(at now: NIODeadline, _ mark: Mark = Mark()) {
        since = now
        self.mark = mark
    }

    /// Looks how far writing has come.
    ///
    /// - Returns: whether anything has been taken since the last look.
    @discardableResult
    mutating func see(_ latest: Mark, at now: NIODeadline) -> Bool {
        let hasMoved = latest.buffered < mark.buffered || latest.acknowledged > mark.acknowledged
        if hasMoved { since = now }
        mark = latest
        return hasMoved
    }

    /// The same, without a question to the system.
    mutating func see(buffered: Int, at now: NIODeadline) {
        see(Mark(buffered: buffered, acknowledged: mark.acknowledged), at: now)
    }

    /// More has been written, which is no step back.
    mutating func wrote(buffered: Int) { mark.buffered = buffered }

    /// How long nothing has been taken.
    func wait(at now: NIODeadline) -> TimeAmount { now - since }
}

/// When one end's kernel acknowledges the data that it receives, as `tcp_event_data_recv`, `tcp_event_data_sent` and
/// `tcp_delack_timer_handler` of Linux do it.
///
/// The first data of a connection, and the first after a pause, are acknowledged at once, up to 16 times (*quick
/// acknowledgements*), unless the connection is a conversation: a process that answers within 40 ms makes it one, and
/// then its answer is waited for. An acknowledgement that is held back goes with the next data of this end, with more
/// than a segment's worth of the other end's, or by itself after 40 ms, rounded up to the kernel's tick; then the
/// connection is no conversation any more.
///
/// Nothing here is an event of the simulation: what has happened meanwhile is worked out when somebody asks.
struct DelayedAcknowledgement: Sendable {
    /// Linux's `TCP_DELACK_MIN`, in nanoseconds.
    static let longest: Int64 = 40_000_000
    /// `TCP_MAX_QUICKACKS`.
    private static let quickly: UInt8 = 16
    /// The first guess of a segment's size, and the most that fits one on Ethernet, in bytes.
    private static let segments: ClosedRange<Int> = 536...1448

    /// When one that is held back goes out by itself; `.max` where none is.
    private(set) var dueAt: Int64 = .max
    /// When data last came; nil before the first.
    private var lastData: Int64?
    private var unacknowledged: Int32 = 0
    private var segment = Int16(Self.segments.lowerBound)
    private var quickOnes: UInt8 = 0
    private var isConversation = false

    var isHeldBack: Bool { dueAt != .max }

    /// Data came in order.
    ///
    /// - Parameters:
    ///   - continues: it came in one segment with what came before it: what has acknowledged that has this.
    ///   - timeout: this end's retransmission timeout in nanoseconds; a longer silence counts as a pause.
    ///   - dueAt: when an acknowledgement that is held back from now on goes out.
    /// - Returns: whether it is acknowledged at once.
    mutating func received(
        bytes: Int, continues: Bool = false, at now: Int64, timeout: Int64, dueAt: @autoclosure () -> Int64
    ) -> Bool {
        if continues, !isHeldBack {
            lastData = now
            return true
        }
        if lastData.map({ now - $0 > timeout }) ?? true { quickOnes = Self.quickly }
        lastData = now
        segment = max(segment, Int16(min(bytes, Self.segments.upperBound)))
        unacknowledged += Int32(clamping: bytes)
        if unacknowledged > Int32(segment) || (quickOnes > 0 && !isConversation) {
            wentOut()
            return true
        }
        if !isHeldBack { self.dueAt = dueAt() }
        return false
    }

    /// This end sends data, which acknowledges all that came.
    mutating func sent(at now: Int64) {
        guard let lastData else { return }
        if now - lastData < Self.longest { isConversation = true }
        if isHeldBack { wentOut() }
    }

    /// What has gone out by itself until now.
    ///
    /// - Returns: when it did; nil where nothing has.
    mutating func settle(at now: Int64) -> Int64? {
        guard dueAt <= now else { return nil }
        let sentAt = dueAt
        wentOut()
        isConversation = false
        return sentAt
    }

    /// The one that is held back will never get to the other end.
    mutating func lose() { wentOut() }

    private mutating func wentOut() {
        dueAt = .max
        unacknowledged = 0
        if quickOnes > 0 { quickOnes -= 1 }
    }
}

import Collections
import Kernel
import Wire

/// What the driver of one end holds that its kernel has no room for: a held-up connection, or a line that is slower than
/// what is sent.
///
/// A class, as `Outbox` is: most ends never need one.
final class DriverQueue {
    var queue: SendQueue<Message>
    /// The end of stream follows what waits.
    var endsWhenEmpty = false
    /// A look at the line is under way.
    var isArmed = false
    /// When the process at either end was last told that a long message gets on.
    var receiverToldAt: Int64 = -1_000_000_000
    var senderToldAt: Int64 = -1_000_000_000
    /// What the kernel has taken and the line has not, oldest first.
    private var unsent: Deque<(until: Int64, bytes: Int)> = []

    init(limit: Int) {
        // What a driver hands over and its kernel then holds are one here.
        queue = SendQueue(limit: limit, ahead: SendLimits.partBytes + SendLimits.unsentBytes)
    }

    /// When the line has sent the oldest of what the kernel holds; nil where it holds nothing.
    var nextDeparture: Int64? { unsent.first?.until }

    /// The kernel holds a piece until the line has sent it.
    func hold(_ bytes: Int, until departure: Int64) { unsent.append((departure, bytes)) }

    /// Makes room for what the line has sent by now.
    func settle(at now: Int64) {
        while let first = unsent.first, first.until <= now {
            queue.taken(first.bytes)
            unsent.removeFirst()
        }
    }

    /// The process is gone, and what its kernel had not taken went with it.
    func abandon() {
        queue = SendQueue(limit: queue.limit, ahead: queue.ahead)
        unsent = []
    }

    /// The kernel takes everything from now on: nothing bounds what is handed over.
    func openUp() {
        queue.taken(unsent.reduce(0) { $0 + $1.bytes })
        unsent = []
    }
}

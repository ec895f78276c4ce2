import Kernel
import Wire

/// What consensus remembers of one linked peer.
struct ConsensusPeer: Codable, Sendable, Hashable {
    let identity: Identity
    var isMasternode: Bool
    /// The best chain end it told us of. Nil where it has told none, or where asking for it led to nothing.
    var claim: ChainTip?
    /// Its chain forks off below our window, or it served a chain that is none: it is not asked until it links again.
    var isUnsyncable = false
    /// The highest slot of a block it sent that had not come yet by our clock.
    var futureSlot: UInt64?
    /// What asking it for blocks has led to so far.
    var deliveries = DeliveryRecord()

    /// Lower is asked first: masternodes, then peers that have delivered, then strangers.
    var rank: Int {
        if isMasternode { return 0 }
        return deliveries.hasDelivered ? 1 : 2
    }
}

/// How much a peer's word about its chain is worth: each request that led to nothing makes it worth less, and only
/// blocks make it worth more again.
struct DeliveryRecord: Codable, Sendable, Hashable {
    /// The wait after the first failure; each further one doubles it.
    static let firstDelay = Duration.seconds(5)
    /// The longest wait is this many times doubled.
    static let maximumDoublings: UInt8 = 4

    /// It has delivered a block that we did not have.
    private(set) var hasDelivered = false
    /// Requests in a row that led to no such block.
    private(set) var failures: UInt8 = 0
    /// It is not asked before.
    private(set) var notBefore = Instant.zero

    mutating func delivered() {
        hasDelivered = true
        failures = 0
        notBefore = .zero
    }

    /// What it has cannot be taken before.
    mutating func postpone(to moment: Instant) { notBefore = max(notBefore, moment) }

    mutating func failed(at now: Instant) {
        let doublings = min(failures, Self.maximumDoublings)
        if failures < .max { failures += 1 }
        notBefore = now + Self.firstDelay * (1 << Int(doublings))
    }
}

import Kernel
import Wire

/// Says of a connection, from its address alone and before anything is done for it, whether it comes too fast.
///
/// One address (IPv6: a /64) has a share, its block (/24, /48) four such shares, and all addresses together have a limit,
/// so that neither one host nor a rented block of addresses makes the node do TLS handshakes and signatures without end.
/// Addresses of masternodes have only their own share: a flood from elsewhere cannot use up theirs.
struct AcceptGate {
    /// So many seconds' worth of a share may come at once.
    static let burstSeconds = 4
    /// How many addresses and how many blocks are told apart.
    static let tracked = 4096

    private let limits: AcceptLimits
    /// Look-up only.
    private var sites: [IPAddress: Meter] = [:]
    private var blocks: [IPAddress: Meter] = [:]
    private var all = Meter()

    init(_ limits: AcceptLimits) {
        self.limits = limits
    }

    /// How many addresses or blocks are remembered, whichever are more.
    var remembered: Int { max(sites.count, blocks.count) }

    /// Whether a connection of this address may come in now; one that may not uses up nothing.
    mutating func admits(_ address: IPAddress, ofMasternode isKnown: Bool, at now: Instant) -> Bool {
        var site = sites[address.site] ?? Meter()
        guard site.take(limits.perSecondPerSite, at: now) else { return false }
        if !isKnown {
            var block = blocks[address.network] ?? Meter()
            var all = all
            guard block.take(4 * limits.perSecondPerSite, at: now), all.take(limits.perSecond, at: now) else {
                return false
            }
            self.all = all
            Self.store(block, for: address.network, in: &blocks, at: now)
        }
        Self.store(site, for: address.site, in: &sites, at: now)
        return true
    }

    /// Those that have their whole share again are forgotten where there is no room; where nobody has, everybody is: the
    /// limit for all together still holds.
    private static func store(
        _ meter: Meter, for key: IPAddress, in meters: inout [IPAddress: Meter], at now: Instant
    ) {
        if meters.count >= tracked, meters[key] == nil {
            meters = meters.filter { !$0.value.isFull(at: now) }
            if meters.count >= tracked { meters = [:] }
        }
        meters[key] = meter
    }

    /// A bucket that refills steadily, as the moment at which it will be full (the generic cell rate algorithm,
    /// ITU-T I.371).
    private struct Meter {
        private var full = Instant.zero

        mutating func take(_ perSecond: Int, at now: Instant) -> Bool {
            let share = Duration.nanoseconds(1_000_000_000 / Int64(max(1, perSecond)))
            let next = max(full, now) + share
            guard next - now <= .seconds(AcceptGate.burstSeconds) else { return false }
            full = next
            return true
        }

        func isFull(at now: Instant) -> Bool { full <= now }
    }
}

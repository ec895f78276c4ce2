import Kernel
import Wire

/// Which stranger gives way to a newcomer: by what an attacker would have to work for, as in Bitcoin Core's
/// `SelectNodeToEvict` (node/eviction.cpp).
///
/// Protected are, each in turn from those that are left: a few of networks that a secret of this process picks; the ones with the shortest round trip in their handshake, which distance cannot fake; the ones last useful;
/// and half of the rest by age. Of what remains, the network with the most loses its youngest.
struct Merit: Sendable {
    /// A stranger's link.
    struct Candidate: Sendable {
        var link: LinkID
        var network: IPAddress
        /// Up since.
        var since: Instant
        var roundTrip: Duration
        /// When it last brought something that was new and right; nil: never.
        var usefulAt: Instant?
    }

    /// - Parameters:
    ///   - secret: what picks the protected networks; nobody outside may know it.
    ///   - spares: how many places of each kind are protected; as many as Bitcoin Core has at 128 links.
    /// - Returns: nil where each of them is protected.
    static func least(of candidates: [Candidate], secret: UInt64) -> LinkID? {
        var rest = candidates
        let share = max(0, candidates.count / 32)
        protect(&rest, share) { Self.mix($0.network, secret) < Self.mix($1.network, secret) }
        protect(&rest, 2 * share) { $0.roundTrip < $1.roundTrip }
        protect(&rest, share) { ($0.usefulAt ?? .zero) > ($1.usefulAt ?? .zero) }
        protect(&rest, rest.count / 2) { $0.since < $1.since }
        var crowds: [(network: IPAddress, count: Int, youngest: Candidate)] = []
        for candidate in rest {
            guard let place = crowds.firstIndex(where: { $0.network == candidate.network }) else {
                crowds.append((candidate.network, 1, candidate))
                continue
            }
            crowds[place].count += 1
            if precedes(crowds[place].youngest, candidate) { crowds[place].youngest = candidate }
        }
        // Of two networks with as many, the one whose youngest came last.
        let crowd = crowds.max { left, right in
            left.count == right.count ? precedes(left.youngest, right.youngest) : left.count < right.count
        }
        return crowd?.youngest.link
    }

    private static func precedes(_ left: Candidate, _ right: Candidate) -> Bool {
        left.since == right.since ? left.link < right.link : left.since < right.since
    }

    /// Takes the first `count` in an order out of those that may have to go; of equals, the older link.
    private static func protect(
        _ candidates: inout [Candidate], _ count: Int, by isBefore: (Candidate, Candidate) -> Bool
    ) {
        candidates.sort { left, right in
            if isBefore(left, right) { return true }
            return isBefore(right, left) ? false : left.link < right.link
        }
        candidates.removeFirst(min(count, candidates.count))
    }

    private static func mix(_ network: IPAddress, _ secret: UInt64) -> UInt64 {
        var mixer = SplitMix64(state: FNV1a.hash(network.bytes, from: secret))
        return mixer.next()
    }
}

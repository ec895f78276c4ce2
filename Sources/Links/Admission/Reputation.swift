import Collections
import Kernel
import Wire

/// Points for what broke the protocol, by identity where it was proven and else by the address, and the bans that come
/// of them. Points are forgotten by halves, bans end by themselves.
///
/// What a busy, slow or badly linked peer does costs nothing: late handshakes, lost links, bursts, and whatever only a
/// node's own stale view calls wrong. Networks have banned their honest peers for each of these.
struct Reputation: Codable, Sendable {
    /// Whom points are for.
    enum Subject: Codable, Sendable, Hashable {
        case identity(Identity)
        /// One party's addresses, `IPAddress.site`.
        case site(IPAddress)
    }

    struct Record: Codable, Sendable {
        /// In thousandths of a point, at `at`.
        var score: Int64
        var at: Instant
        var bannedUntil: Instant?
    }

    private(set) var records: OrderedDictionary<Subject, Record> = [:]
    /// More than these are never held: those with the fewest points give way.
    private static let capacity = 4096
    private static let batch = 64

    /// What a link's end for `reason` says about the other end, in points; 0 where it says nothing.
    static func points(for reason: Reason) -> Int {
        switch reason {
        case .badSignature, .badFrame, .frameTooLarge: points(for: .serious)
        case .unexpectedMessage: points(for: .minor)
        default: 0
        }
    }

    /// Three that are serious make a ban with the default of `ban_score`.
    static func points(for weight: Misbehaviour.Weight) -> Int {
        switch weight {
        case .serious: 34
        case .minor: 10
        }
    }

    /// Adds points.
    ///
    /// - Returns: until when the subject is banned, where these points made it so.
    mutating func add(
        _ points: Int, to subject: Subject, at now: Instant, _ options: AdmissionOptions
    ) -> Instant? {
        guard points > 0 else { return nil }
        if records[subject] == nil, records.count >= Self.capacity { forgetSome(at: now, options.scoreHalfLife) }
        var record = records[subject] ?? Record(score: 0, at: now)
        record.score = Self.decayed(record, to: now, options.scoreHalfLife) + 1000 * Int64(points)
        record.at = now
        let isBanned = record.bannedUntil.map { $0 > now } ?? false
        var began: Instant?
        if !isBanned, record.score >= 1000 * Int64(options.banScore) {
            began = now + options.banTime(of: subject)
            record.bannedUntil = began
        }
        records[subject] = record
        return began
    }

    /// Until when a subject is banned, nil where it is not.
    func ban(of subject: Subject, at now: Instant) -> Instant? {
        records[subject]?.bannedUntil.flatMap { $0 > now ? $0 : nil }
    }

    /// Points of a subject, whole ones.
    func score(of subject: Subject, at now: Instant, halfLife: Duration) -> Int {
        records[subject].map { Int(Self.decayed($0, to: now, halfLife) / 1000) } ?? 0
    }

    /// Halves for each half-life that is over, and in a straight line within one: no power of two has to be computed.
    private static func decayed(_ record: Record, to now: Instant, _ halfLife: Duration) -> Int64 {
        let age = max(0, (now - record.at).nanoseconds)
        let (whole, rest) = age.quotientAndRemainder(dividingBy: max(1, halfLife.nanoseconds))
        guard whole < 62 else { return 0 }
        let halved = record.score >> whole
        // In millionths, so that the product stays small.
        let part = rest / max(1, halfLife.nanoseconds / 1_000_000)
        return halved - halved * min(part, 1_000_000) / 2_000_000
    }

    /// Forgets those with the fewest points, several at once so that a flood of offenders does not have all looked through
    /// for each. A ban outlives points.
    private mutating func forgetSome(at now: Instant, _ halfLife: Duration) {
        let ranked = records.values.indices.map { index in
            let record = records.values[index]
            let isBanned = (record.bannedUntil ?? .zero) > now
            return (weight: isBanned ? Int64.max : Self.decayed(record, to: now, halfLife), index: index)
        }
        let least = ranked.sorted { ($0.weight, $0.index) < ($1.weight, $1.index) }.prefix(Self.batch)
        for index in least.map(\.index).sorted(by: >) { records.remove(at: index) }
    }
}

extension AdmissionOptions {
    /// An address may be many parties', who have not all done wrong: its ban is a tenth as long.
    func banTime(of subject: Reputation.Subject) -> Duration {
        switch subject {
        case .identity: banTime
        case .site: banTime / 10
        }
    }
}

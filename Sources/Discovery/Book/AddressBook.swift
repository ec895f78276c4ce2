import Collections
import Wire

/// Who can be dialled where, bounded whatever strangers say, after Bitcoin Core's address manager and the measures of
/// Heilman, Kendler, Zohar and Goldberg ("Eclipse Attacks on Bitcoin's Peer-to-Peer Network", 2015).
///
/// - **Members**, the identities that the network file names, have a place each. No flood can take it: nobody else can
///   sign for them.
/// - **New**: 128 buckets of 16, strangers whose record we hold and whom we never reached. Where a record goes depends on
///   our secret, on the group of who told us and on the group of its address; one teller's group reaches 8 buckets, a
///   sixteenth of the table.
/// - **Tried**: 64 buckets of 8, strangers whom we have had a link to. One group of addresses reaches 4 buckets, a
///   sixteenth of the table. Who stands there gives way only after a dial to it has failed (test before evict).
///
/// A value without clock or randomness: moments are wall-clock milliseconds, draws come from the caller.
struct AddressBook: Sendable, Codable {
    static let newBuckets = 128
    static let newBucketSlots = 16
    /// Buckets of the new table that one group of tellers reaches.
    static let bucketsPerTeller = 8
    static let triedBuckets = 64
    static let triedBucketSlots = 8
    /// Buckets of the tried table that one group of addresses reaches.
    static let bucketsPerGroup = 4
    /// Challenges under way at once.
    static let contestLimit = 8

    /// The most strangers that the book holds.
    static let strangerLimit = newBuckets * newBucketSlots + triedBuckets * triedBucketSlots

    var key: BookKey
    private(set) var members: OrderedDictionary<Identity, Entry> = [:]
    private(set) var new: OrderedDictionary<Int, Entry> = [:]
    private(set) var tried: OrderedDictionary<Int, Entry> = [:]
    /// Who wants the place of whom in the tried table.
    var contests: [Contest] = []
    /// Rows that a store does not have yet.
    var unsaved: OrderedSet<UInt64> = []
    /// Where each stranger stands; made from the tables.
    private var places: OrderedDictionary<Identity, Place> = [:]

    private enum CodingKeys: CodingKey {
        case key, members, new, tried, contests, unsaved
    }

    /// A place in a table.
    enum Place: Hashable, Sendable {
        case member(Identity)
        case new(Int)
        case tried(Int)
    }

    /// What we know of one identity.
    struct Entry: Sendable, Codable, Hashable {
        var record: AddressRecord
        /// The group of who told us first.
        var teller: AddressGroup
        /// The endpoint that led to it.
        var proven: Endpoint?
        /// When a link to it was last seen up.
        var reachedAt: Int64?
        /// When it was last dialled in vain, and how often in a row.
        var missedAt: Int64?
        var misses = 0

        /// The proven one first.
        var endpoints: [Endpoint] {
            guard let proven else { return record.endpoints }
            return [proven] + record.endpoints.filter { $0 != proven }
        }

        /// Not worth a place, nor telling others: never reached in three dials, or not for a week in ten.
        func isHopeless(at now: Int64) -> Bool {
            guard let reachedAt else { return misses >= 3 }
            return misses >= 10 && now - reachedAt > 7 * 86_400_000
        }

        /// Not hopeless, or not dialled in vain for so long that it may have come back: an hour and twice that with each
        /// further miss, for whom we never reached; a day at most.
        func isWorthDial(at now: Int64) -> Bool {
            guard isHopeless(at: now), let missedAt else { return true }
            let rest: Int64 = reachedAt == nil ? 3_600_000 << Int64(min(max(0, misses - 3), 5)) : 86_400_000
            return now < missedAt || now - missedAt >= min(rest, 86_400_000)
        }
    }

    /// An empty book.
    init(key: BookKey) {
        self.key = key
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        key = try container.decode(BookKey.self, forKey: .key)
        members = try container.decode(OrderedDictionary<Identity, Entry>.self, forKey: .members)
        new = try container.decode(OrderedDictionary<Int, Entry>.self, forKey: .new)
        tried = try container.decode(OrderedDictionary<Int, Entry>.self, forKey: .tried)
        contests = try container.decode([Contest].self, forKey: .contests)
        unsaved = try container.decode(OrderedSet<UInt64>.self, forKey: .unsaved)
        for (slot, entry) in new { places[entry.record.identity] = .new(slot) }
        for (slot, entry) in tried { places[entry.record.identity] = .tried(slot) }
    }

    // MARK: Looking

    /// What the book has of an identity.
    func entry(_ identity: Identity) -> Entry? { place(of: identity).flatMap(entry(at:)) }

    func place(of identity: Identity) -> Place? {
        members[identity] == nil ? places[identity] : .member(identity)
    }

    func entry(at place: Place) -> Entry? {
        switch place {
        case .member(let identity): members[identity]
        case .new(let slot): new[slot]
        case .tried(let slot): tried[slot]
        }
    }

    /// Strangers held.
    var strangerCount: Int { new.count + tried.count }

    // MARK: Writing

    /// The one way into a table and out of it.
    mutating func set(_ entry: Entry?, at place: Place) {
        if let old = self.entry(at: place)?.record.identity, places[old] == place { places[old] = nil }
        switch place {
        case .member(let identity): members[identity] = entry
        case .new(let slot): new[slot] = entry
        case .tried(let slot): tried[slot] = entry
        }
        unsaved.append(Self.row(of: place))
        guard let entry else { return }
        if case .member = place { return }
        places[entry.record.identity] = place
    }

    /// What became of a record.
    enum Insertion: Hashable {
        /// News: an identity or endpoints that the book did not have.
        case learnt
        /// The same endpoints, with a later expiry.
        case refreshed
        /// No newer than what the book has.
        case stale
        /// Its place is taken by somebody who keeps it.
        case noRoom
    }

    /// Takes in a record whose signature holds.
    ///
    /// - Parameters:
    ///   - teller: the group of the peer that it came from.
    ///   - isMember: whether the network file names its identity.
    mutating func insert(_ record: AddressRecord, from teller: AddressGroup, isMember: Bool, now: Int64) -> Insertion {
        if let place = place(of: record.identity), var entry = entry(at: place) {
            guard record.sequence > entry.record.sequence else { return .stale }
            let isNews = record.endpoints != entry.record.endpoints
            entry.record = record
            if let proven = entry.proven, !record.endpoints.contains(proven) {
                entry.proven = nil
                entry.reachedAt = nil
            }
            if isNews { entry.misses = 0 }
            set(entry, at: place)
            if case .tried(let slot) = place, entry.proven == nil { vacate(slot, now: now) }
            return isNews ? .learnt : .refreshed
        }
        let entry = Entry(record: record, teller: teller)
        if isMember {
            set(entry, at: .member(record.identity))
            return .learnt
        }
        return put(entry, now: now)
    }

    /// Puts a stranger into the new table, where its place is free or held by somebody hopeless.
    mutating func put(_ entry: Entry, now: Int64) -> Insertion {
        let slot = newSlot(of: entry)
        if let occupant = new[slot], !occupant.isHopeless(at: now), occupant.record.expires > now { return .noRoom }
        set(entry, at: .new(slot))
        return .learnt
    }

    /// A tried place is earned by an endpoint, and that of who stands here is gone: it becomes new again. Where there is no
    /// room for it, it stays, without anything proven, until somebody earns the place.
    private mutating func vacate(_ slot: Int, now: Int64) {
        guard let entry = tried[slot] else { return }
        set(nil, at: .tried(slot))
        if put(entry, now: now) == .noRoom { set(entry, at: .tried(slot)) }
        settleContests(now: now)
    }

    /// The network file names others than before: who is named no more is a stranger among strangers, and who is named now
    /// needs no stranger's place.
    mutating func regroup(now: Int64, isMember: (Identity) -> Bool) {
        for (identity, entry) in members where !isMember(identity) {
            set(nil, at: .member(identity))
            _ = put(entry, now: now)
        }
        let strangers = new.map { (Place.new($0.key), $0.value) } + tried.map { (Place.tried($0.key), $0.value) }
        for (place, entry) in strangers where isMember(entry.record.identity) {
            set(nil, at: place)
            set(entry, at: .member(entry.record.identity))
        }
        settleContests(now: now)
    }

    /// Forgets what nobody should believe any more.
    mutating func expire(now: Int64) {
        for (identity, entry) in members where entry.record.expires <= now { set(nil, at: .member(identity)) }
        for (slot, entry) in new where entry.record.expires <= now { set(nil, at: .new(slot)) }
        for (slot, entry) in tried where entry.record.expires <= now { set(nil, at: .tried(slot)) }
        settleContests(now: now)
    }

    // MARK: Places

    private func newSlot(of entry: Entry) -> Int {
        let address = AddressGroup(entry.record.endpoints[0].ip).bytes
        let teller = entry.teller.bytes
        let choice = SipHash.hash([1] + address + teller, key: key) % UInt64(Self.bucketsPerTeller)
        let bucket = SipHash.hash([2] + teller + bigEndianBytes(of: choice), key: key) % UInt64(Self.newBuckets)
        let place = SipHash.hash([3] + bigEndianBytes(of: bucket) + entry.record.identity.key.bytes, key: key)
        return Int(bucket) * Self.newBucketSlots + Int(place % UInt64(Self.newBucketSlots))
    }

    /// Where a stranger goes that was reached at `endpoint`.
    func triedSlot(of identity: Identity, at endpoint: Endpoint) -> Int {
        let address = endpoint.ip.bytes + bigEndianBytes(of: UInt64(endpoint.port))
        let group = AddressGroup(endpoint.ip).bytes
        let choice = SipHash.hash([4] + address, key: key) % UInt64(Self.bucketsPerGroup)
        let bucket = SipHash.hash([5] + group + bigEndianBytes(of: choice), key: key) % UInt64(Self.triedBuckets)
        let place = SipHash.hash([6] + bigEndianBytes(of: bucket) + address, key: key)
        return Int(bucket) * Self.triedBucketSlots + Int(place % UInt64(Self.triedBucketSlots))
    }
}

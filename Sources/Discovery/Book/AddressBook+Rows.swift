import Kernel
import Wire

/// How the book lies in the store: table 1, a row for each place that is taken, its key the row's number.
///
/// | row | what |
/// |---|---|
/// | 0 | the secret and the sequence of our own last record |
/// | 1 | anchors: whom we had dialled links to |
/// | 256 ..< 2304 | the new table |
/// | 4096 ..< 4608 | the tried table |
/// | 2^63 ... | members, by the first 63 bits of their identity |
///
/// An entry: version 1; bits that say what follows; the teller's group; when it was reached and missed and how often,
/// the proven endpoint's place in the record; the record.
extension AddressBook {
    static var table: UInt8 { 1 }
    private static var version: UInt8 { 1 }
    private static var headBytes: Int { 35 }
    private static var firstNew: UInt64 { 256 }
    private static var firstTried: UInt64 { 4096 }
    private static var firstMember: UInt64 { 1 << 63 }

    static func key(_ row: UInt64) -> StoreKey { StoreKey(table: table, number: row) }

    static func row(of place: Place) -> UInt64 {
        switch place {
        case .new(let slot): firstNew + UInt64(slot)
        case .tried(let slot): firstTried + UInt64(slot)
        case .member(let identity): firstMember | identity.key.prefix64 >> 1
        }
    }

    /// Takes up to `limit` of the changes that a store does not have yet; nil stands for a row that is empty now.
    mutating func takeChanges(_ limit: Int) -> [(row: UInt64, value: [UInt8]?)] {
        let rows = Array(unsaved.prefix(limit))
        unsaved.removeFirst(rows.count)
        return rows.map { row in (row, entry(inRow: row).map(Self.bytes)) }
    }

    private func entry(inRow row: UInt64) -> Entry? {
        switch row {
        case Self.firstMember...: members.values.first { Self.row(of: .member($0.record.identity)) == row }
        case Self.firstTried...: tried[Int(row - Self.firstTried)]
        case Self.firstNew...: new[Int(row - Self.firstNew)]
        default: nil
        }
    }

    /// Puts a stored row where it was.
    ///
    /// - Parameter isMember: whether a record is of a masternode; nil where the book does not want it at all.
    /// - Returns: false for a row that cannot be read, or of somebody who no longer is, or has become, a member.
    mutating func restore(_ bytes: [UInt8], row: UInt64, isMember: (AddressRecord) -> Bool?) -> Bool {
        guard let entry = Self.entry(bytes) else { return false }
        let identity = entry.record.identity
        guard isMember(entry.record) == (row >= Self.firstMember), place(of: identity) == nil else { return false }
        let place: Place
        switch row {
        case Self.firstMember...: place = .member(identity)
        case Self.firstTried..<Self.firstTried + UInt64(Self.triedBuckets * Self.triedBucketSlots):
            place = .tried(Int(row - Self.firstTried))
        case Self.firstNew..<Self.firstNew + UInt64(Self.newBuckets * Self.newBucketSlots):
            place = .new(Int(row - Self.firstNew))
        default: return false
        }
        set(entry, at: place)
        unsaved.remove(row)
        return true
    }

    // MARK: One entry

    static func bytes(_ entry: Entry) -> [UInt8] {
        let proven = entry.proven.flatMap { entry.record.endpoints.firstIndex(of: $0) }
        var flags: UInt8 = 0
        if entry.reachedAt != nil { flags |= 1 }
        if entry.missedAt != nil { flags |= 2 }
        if proven != nil { flags |= 4 }
        var bytes: [UInt8] = [version, flags]
        bytes += entry.teller.bytes
        bytes += bigEndianBytes(of: UInt64(bitPattern: entry.reachedAt ?? 0))
        bytes += bigEndianBytes(of: UInt64(bitPattern: entry.missedAt ?? 0))
        bytes += bigEndianBytes(of: UInt64(entry.misses))
        bytes.append(UInt8(proven ?? 0))
        return bytes + entry.record.storedBytes
    }

    static func entry(_ bytes: [UInt8]) -> Entry? {
        guard bytes.count > headBytes, bytes[0] == version, bytes[1] < 8,
            let record = AddressRecord(storedBytes: bytes[headBytes...])
        else { return nil }
        func number(_ first: Int) -> UInt64 { bytes[first..<first + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        var entry = Entry(record: record, teller: AddressGroup(number: number(2)))
        if bytes[1] & 1 != 0 { entry.reachedAt = Int64(bitPattern: number(10)) }
        if bytes[1] & 2 != 0 { entry.missedAt = Int64(bitPattern: number(18)) }
        // Moments before 1970 are damage, and would overflow an age.
        guard entry.reachedAt ?? 0 >= 0, entry.missedAt ?? 0 >= 0 else { return nil }
        guard let misses = Int(exactly: number(26)), misses < 1 << 32 else { return nil }
        entry.misses = misses
        if bytes[1] & 4 != 0 {
            guard bytes[34] < record.endpoints.count else { return nil }
            entry.proven = record.endpoints[Int(bytes[34])]
        }
        return entry
    }
}

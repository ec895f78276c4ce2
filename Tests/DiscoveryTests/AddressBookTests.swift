import Foundation
import Kernel
import Testing
import Wire

@testable import Discovery

@Suite("The address book: what a flood can take")
struct AddressBookFloodTests {
    @Test("a teller in one /16 with 100,000 records of addresses everywhere fills a sixteenth of the new table at most")
    func oneTeller() {
        var book = BookRig.book()
        let attacker = BookRig.group("203.0.113.9")
        for number in 0..<100_000 as Range<UInt64> {
            var mixer = SplitMix64(state: number)
            let ip = UInt32(truncatingIfNeeded: mixer.next() >> 40) &+ 0x0100_0000
            _ = book.insert(BookRig.record(number, ip), from: attacker, isMember: false, now: BookRig.now)
        }
        let share = AddressBook.bucketsPerTeller * AddressBook.newBucketSlots
        #expect(share == 128)
        #expect(book.new.count <= share)
        // It does fill it: the bound is the one that holds.
        #expect(book.new.count > share * 3 / 4)
        #expect(book.new.count * 16 <= AddressBook.newBuckets * AddressBook.newBucketSlots)
    }

    @Test("100,000 reachable nodes in one /16 take a sixteenth of the tried table at most")
    func oneGroupTried() {
        var book = BookRig.book()
        for number in 0..<100_000 as Range<UInt64> {
            let ip: UInt32 = 0xcb00_0000 | UInt32(number % 65_000) + 1
            var record = BookRig.record(number, ip)
            record.endpoints = [Endpoint(ip: IPAddress(version4: ip), port: 1000 + UInt16(number / 65_000))]
            // Told by many groups, which is more than one /16 can do.
            let teller = AddressGroup(IPAddress(version4: UInt32(truncatingIfNeeded: number) << 16 | 1))
            _ = book.insert(record, from: teller, isMember: false, now: BookRig.now)
            book.reached(record.identity, at: record.endpoints[0], now: BookRig.now)
        }
        let share = AddressBook.bucketsPerGroup * AddressBook.triedBucketSlots
        #expect(share == 32)
        #expect(book.tried.count <= share)
        #expect(book.tried.count > share * 3 / 4)
        #expect(book.tried.count * 16 <= AddressBook.triedBuckets * AddressBook.triedBucketSlots)
    }

    @Test("whoever tells whatever from everywhere, the book has its limit")
    func limit() {
        var book = BookRig.book()
        for number in 0..<30_000 as Range<UInt64> {
            var mixer = SplitMix64(state: number)
            let ip = UInt32(truncatingIfNeeded: mixer.next()) | 0x0100_0000
            BookRig.reach(number, ip, in: &book, teller: BookRig.group("\(1 + number % 200).\(number % 251).0.1"))
        }
        #expect(book.strangerCount <= AddressBook.strangerLimit)
        #expect(AddressBook.strangerLimit == 2560)
        #expect(book.contests.count <= AddressBook.contestLimit)
    }

    @Test("no flood takes a member's place")
    func members() {
        var book = BookRig.book()
        let home = BookRig.record(1, 0xc000_0201)
        #expect(book.insert(home, from: BookRig.group("192.0.2.1"), isMember: true, now: BookRig.now) == .learnt)
        for number in 2..<20_000 as Range<UInt64> {
            let record = BookRig.record(number, 0xc000_0201)
            _ = book.insert(record, from: BookRig.group("192.0.2.1"), isMember: false, now: BookRig.now)
            book.reached(record.identity, at: record.endpoints[0], now: BookRig.now)
        }
        #expect(book.entry(home.identity)?.record == home)
    }

    @Test("who becomes a masternode leaves a stranger's place, and who is one no more takes one")
    func regrouped() {
        var book = BookRig.book()
        let now = BookRig.now
        let group = BookRig.group("203.0.113.9")
        _ = book.insert(BookRig.record(1, 0x0a00_0001), from: group, isMember: true, now: now)
        _ = book.insert(BookRig.record(2, 0x0b00_0001), from: group, isMember: false, now: now)
        BookRig.reach(3, 0x0c00_0001, in: &book)
        let named = [BookRig.identity(2), BookRig.identity(3)]
        book.regroup(now: now) { named.contains($0) }
        #expect(book.members.keys.elements == named)
        #expect(book.new.values.map(\.record.identity) == [BookRig.identity(1)])
        #expect(book.tried.isEmpty)
        for number in 1...3 as ClosedRange<UInt64> { #expect(book.entry(BookRig.identity(number)) != nil) }
    }

    @Test("which addresses share a bucket depends on the secret")
    func secret() {
        func held(_ seed: UInt64) -> [Identity] {
            var book = BookRig.book(seed)
            for number in 0..<2000 as Range<UInt64> {
                _ = book.insert(
                    BookRig.record(number, 0x0100_0000 | UInt32(number)), from: BookRig.group("203.0.113.9"),
                    isMember: false, now: BookRig.now)
            }
            return book.new.values.map(\.record.identity)
        }
        #expect(held(1) == held(1))
        #expect(held(1) != held(2))
    }

    @Test("an answer tells a quarter of the strangers, and half of the choice to dial is tried where there is any")
    func shares() {
        var book = BookRig.book()
        for number in 0..<400 as Range<UInt64> {
            let ip = UInt32(number + 1) << 16 | 0x0100_0001
            if number < 40 {
                BookRig.reach(number, ip, in: &book)
            } else {
                _ = book.insert(
                    BookRig.record(number, ip), from: AddressGroup(IPAddress(version4: ip)), isMember: false,
                    now: BookRig.now)
            }
        }
        var stream = RandomStream(seed: 4, name: "choice")
        let answer = book.answer(1000, besides: nil, now: BookRig.now) { stream.below($0) }
        #expect(answer.count == book.strangerCount / 4)
        let chosen = book.strangers(40, now: BookRig.now) { stream.below($0) }
        let old = chosen.count { $0.reachedAt != nil }
        #expect(chosen.count == 40)
        #expect((10...30).contains(old), "\(old) of 40 are tried, of \(book.tried.count) in \(book.strangerCount)")
    }
}

@Suite("The address book: who keeps a place")
struct AddressBookPlaceTests {
    /// Two strangers whose place in the tried table is the same; the first one stands there.
    private func contest() throws -> (book: AddressBook, standing: AddressRecord, challenger: AddressRecord) {
        var book = BookRig.book()
        let standing = BookRig.record(1, 0xcb00_7101)
        BookRig.reach(1, 0xcb00_7101, in: &book)
        for number in 2..<5000 as Range<UInt64> {
            let ip = 0xcb00_7101 + UInt32(number)
            let record = BookRig.record(number, ip)
            guard
                book.triedSlot(of: record.identity, at: record.endpoints[0])
                    == book.triedSlot(of: standing.identity, at: standing.endpoints[0])
            else { continue }
            _ = book.insert(record, from: BookRig.group("198.51.100.1"), isMember: false, now: BookRig.now)
            book.reached(record.identity, at: record.endpoints[0], now: BookRig.now)
            return (book, standing, record)
        }
        throw Missing()
    }

    private struct Missing: Error {}

    private func isTried(_ record: AddressRecord, _ book: AddressBook) -> Bool {
        if case .tried = book.place(of: record.identity) { true } else { false }
    }

    @Test("a tried entry is not replaced without a test")
    func noTest() throws {
        var (book, standing, challenger) = try contest()
        #expect(isTried(standing, book))
        #expect(!isTried(challenger, book))
        #expect(book.underTest.map(\.identity) == [standing.identity])
        for minute in 1...120 as ClosedRange<Int64> {
            let now = BookRig.now + minute * 60_000
            book.reached(challenger.identity, at: challenger.endpoints[0], now: now)
            book.settleContests(now: now)
        }
        #expect(isTried(standing, book))
    }

    @Test("a tried entry that fails its test makes room, and is new again")
    func failedTest() throws {
        var (book, standing, challenger) = try contest()
        book.missed(standing.identity, at: standing.endpoints[0], now: BookRig.now + 5000)
        #expect(isTried(challenger, book))
        #expect(!isTried(standing, book))
        #expect(book.entry(standing.identity)?.reachedAt == nil)
        #expect(book.underTest.isEmpty)
    }

    @Test("a tried entry that passes its test stays, and its challenger stays new")
    func passedTest() throws {
        var (book, standing, challenger) = try contest()
        book.reached(standing.identity, at: standing.endpoints[0], now: BookRig.now + 5000)
        #expect(isTried(standing, book))
        #expect(!isTried(challenger, book))
        #expect(book.underTest.isEmpty)
    }

    @Test("dials in vain within ten minutes are one outage: who restarts is not given up for it")
    func oneOutage() {
        var book = BookRig.book()
        let record = BookRig.record(1, 0xcb00_7101)
        _ = book.insert(record, from: BookRig.group("203.0.113.9"), isMember: false, now: BookRig.now)
        for second in 0..<20 as Range<Int64> {
            book.missed(record.identity, at: record.endpoints[0], now: BookRig.now + second * 1000)
        }
        #expect(book.entry(record.identity)?.misses == 1)
        book.missed(record.identity, at: record.endpoints[0], now: BookRig.now + 600_000)
        #expect(book.entry(record.identity)?.misses == 2)
    }

    @Test("failures alone cost a tried entry nothing: nobody wants its place")
    func failuresAlone() {
        var book = BookRig.book()
        BookRig.reach(1, 0xcb00_7101, in: &book)
        let record = BookRig.record(1, 0xcb00_7101)
        for time in BookRig.outages(50) { book.missed(record.identity, at: record.endpoints[0], now: time) }
        #expect(isTried(record, book))
    }

    @Test("a new entry gives way only where it was dialled three times in vain, or has expired")
    func newPlaces() throws {
        var book = BookRig.book()
        let teller = BookRig.group("203.0.113.9")
        var stuck: (held: AddressRecord, refused: AddressRecord)?
        var held: [AddressRecord] = []
        for number in 0..<4000 as Range<UInt64> where stuck == nil {
            let record = BookRig.record(number, 0x0a00_0000 | UInt32(number))
            let before = book
            guard book.insert(record, from: teller, isMember: false, now: BookRig.now) == .noRoom else {
                held.append(record)
                continue
            }
            for other in held {
                var trial = before
                for time in BookRig.outages(3) { trial.missed(other.identity, at: other.endpoints[0], now: time) }
                if trial.insert(record, from: teller, isMember: false, now: BookRig.now) == .learnt {
                    #expect(trial.entry(other.identity) == nil)
                    stuck = (other, record)
                }
            }
        }
        let (other, refused) = try #require(stuck)
        for time in BookRig.outages(2) { book.missed(other.identity, at: other.endpoints[0], now: time) }
        #expect(book.insert(refused, from: teller, isMember: false, now: BookRig.now) == .noRoom)
        let late = BookRig.now + 25 * BookRig.hour
        var fresh = refused
        fresh.expires = late + BookRig.hour
        #expect(book.insert(fresh, from: teller, isMember: false, now: late) == .learnt)
    }

    @Test("of two records of an identity the higher sequence counts")
    func sequences() {
        for isMember in [true, false] {
            var book = BookRig.book()
            let teller = BookRig.group("203.0.113.9")
            func insert(_ record: AddressRecord) -> AddressBook.Insertion {
                book.insert(record, from: teller, isMember: isMember, now: BookRig.now)
            }
            #expect(insert(BookRig.record(1, 0x0a00_0001, sequence: 5)) == .learnt)
            #expect(insert(BookRig.record(1, 0x0a00_0002, sequence: 4)) == .stale)
            #expect(insert(BookRig.record(1, 0x0a00_0002, sequence: 5)) == .stale)
            #expect(insert(BookRig.record(1, 0x0a00_0001, sequence: 6)) == .refreshed)
            #expect(insert(BookRig.record(1, 0x0a00_0002, sequence: 7)) == .learnt)
            #expect(book.entry(BookRig.identity(1))?.record.endpoints.first?.ip == IPAddress(version4: 0x0a00_0002))
        }
    }

    @Test("a stranger that moves away from where it was reached has to be reached again")
    func moved() {
        var book = BookRig.book()
        BookRig.reach(1, 0xcb00_7101, in: &book)
        let moved = BookRig.record(1, 0xcb00_7109, sequence: 2)
        #expect(isTried(moved, book))
        #expect(book.insert(moved, from: BookRig.group("203.0.113.9"), isMember: false, now: BookRig.now) == .learnt)
        #expect(!isTried(moved, book))
        #expect(book.entry(moved.identity)?.reachedAt == nil)
    }

    @Test("a stranger that moves is never lost: without room among the new it stays, until somebody earns its place")
    func movedWithoutRoom() throws {
        var book = BookRig.book()
        BookRig.reach(1, 0xcb00_7101, in: &book)
        let moved = BookRig.record(1, 0xcb00_7109, sequence: 2)
        let teller = BookRig.group("203.0.113.1")
        var isFull = false
        for number in 2..<5000 as Range<UInt64> where !isFull {
            let other = BookRig.record(number, 0xcb00_0000 | UInt32(number))
            _ = book.insert(other, from: teller, isMember: false, now: BookRig.now)
            var trial = book
            #expect(trial.insert(moved, from: teller, isMember: false, now: BookRig.now) == .learnt)
            let entry = try #require(trial.entry(moved.identity))
            #expect(entry.record == moved && entry.proven == nil && entry.reachedAt == nil)
            isFull = isTried(moved, trial)
        }
        #expect(isFull)
        _ = book.insert(moved, from: teller, isMember: false, now: BookRig.now)
        let slot = book.triedSlot(of: moved.identity, at: BookRig.record(1, 0xcb00_7101).endpoints[0])
        var earner: (number: UInt64, record: AddressRecord)?
        for number in 10_000..<200_000 as Range<UInt64> where earner == nil {
            let other = BookRig.record(number, 0xcb00_0000 | UInt32(number & 0xffff))
            if book.triedSlot(of: other.identity, at: other.endpoints[0]) == slot { earner = (number, other) }
        }
        let (number, other) = try #require(earner)
        // From another teller, so that there is room among the new.
        BookRig.reach(
            number, other.endpoints[0].ip.prefix32, in: &book, teller: BookRig.group("198.51.100.1"))
        #expect(isTried(other, book))
    }

    @Test("who was dialled three times in vain is dialled again after an hour, then more rarely, and told to nobody")
    func hopeless() {
        var book = BookRig.book()
        let record = BookRig.record(1, 0xcb00_7101)
        _ = book.insert(record, from: BookRig.group("203.0.113.9"), isMember: false, now: BookRig.now)
        for time in BookRig.outages(3) { book.missed(record.identity, at: record.endpoints[0], now: time) }
        func later(_ hours: Int64) -> Int64 { BookRig.now + hours * BookRig.hour }
        func chosen(_ time: Int64) -> Int { book.strangers(8, now: time) { _ in 0 }.count }
        func told(_ time: Int64) -> Int { book.answer(8, besides: nil, now: time) { _ in 0 }.count }
        #expect([later(1) - 1, later(1)].map(chosen) == [0, 1])
        book.missed(record.identity, at: record.endpoints[0], now: later(1))
        #expect([later(3) - 1, later(3)].map(chosen) == [0, 1])
        #expect(told(later(3)) == 0)
        book.reached(record.identity, at: record.endpoints[0], now: later(3))
        #expect(told(later(3)) == 1)
    }

    @Test("a tried stranger that is reached at another address moves to its place, so that the bound of a group holds")
    func reachedElsewhere() {
        var book = BookRig.book()
        for number in 0..<4000 as Range<UInt64> {
            var record = BookRig.record(number, UInt32(number + 1) << 16 | 1)
            record.endpoints.append(
                Endpoint(ip: IPAddress(version4: 0xcb00_0000 | UInt32(number + 1)), port: 24_100))
            let (home, shared) = (record.endpoints[0], record.endpoints[1])
            _ = book.insert(record, from: AddressGroup(home.ip), isMember: false, now: BookRig.now)
            book.reached(record.identity, at: home, now: BookRig.now)
            book.reached(record.identity, at: shared, now: BookRig.now + 1)
        }
        let group = BookRig.group("203.0.113.9")
        let share = AddressBook.bucketsPerGroup * AddressBook.triedBucketSlots
        let held = book.tried.values.count { entry in entry.proven.map { AddressGroup($0.ip) } == group }
        #expect(held <= share)
        #expect(held > share / 2)
    }

    @Test("what has expired is forgotten")
    func expiry() {
        var book = BookRig.book()
        BookRig.reach(1, 0xcb00_7101, in: &book)
        _ = book.insert(
            BookRig.record(2, 0x0a00_0001), from: BookRig.group("10.0.0.1"), isMember: false, now: BookRig.now)
        _ = book.insert(
            BookRig.record(3, 0x0a00_0003), from: BookRig.group("10.0.0.1"), isMember: true, now: BookRig.now)
        book.expire(now: BookRig.now + 24 * BookRig.hour - 1)
        #expect(book.strangerCount == 2 && book.members.count == 1)
        book.expire(now: BookRig.now + 24 * BookRig.hour)
        #expect(book.strangerCount == 0 && book.members.isEmpty)
    }
}

@Suite("The address book: what a store keeps")
struct AddressBookRowTests {
    private func filled() -> AddressBook {
        var book = BookRig.book()
        for number in 0..<300 as Range<UInt64> {
            let ip = UInt32(number + 1) << 16 | 0x0100_0001
            _ = book.insert(
                BookRig.record(number, ip), from: AddressGroup(IPAddress(version4: ip)), isMember: number % 9 == 0,
                now: BookRig.now)
            let endpoint = BookRig.record(number, ip).endpoints[0]
            if number % 3 == 0 { book.reached(BookRig.identity(number), at: endpoint, now: BookRig.now + 1) }
            if number % 4 == 0 { book.missed(BookRig.identity(number), at: endpoint, now: BookRig.now + 2) }
        }
        return book
    }

    @Test("a book that is written row by row reads back with every entry in its place")
    func rows() {
        var book = filled()
        var stored: [UInt64: [UInt8]] = [:]
        while true {
            let changes = book.takeChanges(64)
            if changes.isEmpty { break }
            for (row, value) in changes { stored[row] = value }
        }
        var other = BookRig.book()
        for row in stored.keys.sorted() {
            #expect(other.restore(stored[row] ?? [], row: row) { book.members[$0.identity] != nil })
        }
        #expect(other.unsaved.isEmpty)
        for entry in Array(book.members.values) + Array(book.new.values) + Array(book.tried.values) {
            let identity = entry.record.identity
            #expect(other.entry(identity) == entry)
            #expect(other.place(of: identity) == book.place(of: identity))
        }
        #expect(other.strangerCount == book.strangerCount)
    }

    @Test("damaged rows, rows out of place and rows of former members are left out")
    func damaged() throws {
        var book = filled()
        let changes = book.takeChanges(10_000)
        let (row, value) = try #require(changes.first { $0.row < 1 << 62 })
        var other = BookRig.book()
        for count in 0..<(value?.count ?? 0) {
            #expect(!other.restore(Array((value ?? []).prefix(count)), row: row) { _ in false })
        }
        #expect(!other.restore(value ?? [], row: 77) { _ in false })
        #expect(!other.restore(value ?? [], row: row) { _ in true })
        #expect(!other.restore(value ?? [], row: 1 << 63) { _ in false })
        #expect(other.strangerCount == 0)
        #expect(other.restore(value ?? [], row: row) { _ in false })
        #expect(!other.restore(value ?? [], row: row + 1) { _ in false })
    }

    @Test("a book survives being written out as a module's state")
    func snapshot() throws {
        let book = filled()
        let bytes = try JSONEncoder().encode(book)
        let other = try JSONDecoder().decode(AddressBook.self, from: bytes)
        #expect(try JSONEncoder().encode(other).count == bytes.count)
        for entry in book.new.values { #expect(other.place(of: entry.record.identity) != nil) }
    }
}

import Kernel
import Wire

@testable import Discovery

/// Records that nobody signed, and a book with a known secret.
enum BookRig {
    static let hour: Int64 = 3_600_000
    static let now: Int64 = 1_765_929_600_000

    /// Moments that lie far enough apart for dials in vain to count one by one; the last is `now`.
    static func outages(_ count: Int64) -> [Int64] { (1...count).map { now - (count - $0) * hour } }

    static func book(_ seed: UInt64 = 1) -> AddressBook { AddressBook(key: BookKey(first: seed, second: seed ^ 77)) }

    static func identity(_ number: UInt64) -> Identity {
        var mixer = SplitMix64(state: number)
        return Identity(key: Bytes32(mixer.next(), mixer.next(), mixer.next(), number))
    }

    static func record(_ number: UInt64, _ ip: UInt32, sequence: UInt64 = 1, expires: Int64 = now + 24 * hour)
        -> AddressRecord
    {
        AddressRecord(
            network: "test", identity: identity(number),
            endpoints: [Endpoint(ip: IPAddress(version4: ip), port: 24_100)], sequence: sequence, expires: expires,
            signature: .none
        )
    }

    static func group(_ text: String) -> AddressGroup { AddressGroup(IPAddress(text) ?? IPAddress(version4: 0)) }

    /// Puts a stranger at `ip` into the book and reaches it there.
    static func reach(_ number: UInt64, _ ip: UInt32, in book: inout AddressBook, teller: AddressGroup? = nil) {
        let record = record(number, ip)
        _ = book.insert(
            record, from: teller ?? AddressGroup(IPAddress(version4: ip)), isMember: false, now: now)
        book.reached(record.identity, at: record.endpoints[0], now: now)
    }
}

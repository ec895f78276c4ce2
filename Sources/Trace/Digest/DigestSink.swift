import Kernel
import Wire

/// Folds the members of records into a digest: their values, and under which names they stand, so that a value that is
/// left out cannot be taken for another one.
struct DigestSink {
    var hash = TraceHash()

    /// Marks where an object begins, and where it ends.
    private static let begin: UInt64 = 0x6f62_6a65_6374_7b7b
    private static let end: UInt64 = 0x6f62_6a65_6374_7d7d

    /// A name as a word: its first eight bytes, its last eight and its length. Names within one record differ in it.
    @inline(__always) static func word(_ name: StaticString) -> UInt64 {
        let count = name.utf8CodeUnitCount
        let bytes = UnsafeRawPointer(name.utf8Start)
        if count >= 8 {
            let start = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
            let end = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
            return start ^ (end << 17 | end >> 47) ^ UInt64(count) << 56
        }
        if count >= 4 {
            let start = UInt64(UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))
            let end = UInt64(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)))
            return start ^ end << 24 ^ UInt64(count) << 56
        }
        var word = UInt64(count) << 56
        for place in 0..<count { word |= UInt64(name.utf8Start[place]) << UInt64(8 * place) }
        return word
    }
}

extension DigestSink: FieldSink {
    @inline(__always) mutating func object(_ body: (inout DigestSink) -> Void) {
        hash.add(Self.begin, 0)
        body(&self)
        hash.add(Self.end, 0)
    }

    @inline(__always) mutating func object(_ name: StaticString, _ body: (inout DigestSink) -> Void) {
        hash.add(Self.begin, Self.word(name))
        body(&self)
        hash.add(Self.end, 0)
    }

    @inline(__always) mutating func list<Item>(
        _ name: StaticString, _ items: some Collection<Item>, _ item: (Item, inout DigestSink) -> Void
    ) {
        hash.add(UInt64(items.count), Self.word(name))
        for element in items { item(element, &self) }
    }

    @inline(__always) mutating func word(_ name: StaticString, _ word: StaticString) {
        hash.add(Self.word(word), Self.word(name))
    }

    @inline(__always) mutating func field(_ name: StaticString, _ value: some FixedWidthInteger) {
        hash.add(UInt64(truncatingIfNeeded: value), Self.word(name))
    }

    @inline(__always) mutating func field(_ name: StaticString, _ value: Bool) {
        hash.add(value ? 1 : 0, Self.word(name))
    }

    mutating func field(_ name: StaticString, _ value: String) {
        var value = value
        value.withUTF8 {
            hash.add(UInt64($0.count), Self.word(name))
            hash.add(bytes: UnsafeRawBufferPointer($0))
        }
    }

    mutating func hex(_ name: StaticString, _ value: [UInt8]) {
        hash.add(UInt64(value.count), Self.word(name))
        value.withUnsafeBytes { hash.add(bytes: $0) }
    }

    @inline(__always) mutating func bits(_ name: StaticString, _ value: UInt64) { hash.add(value, Self.word(name)) }

    @inline(__always) mutating func bits(_ value: UInt64) { hash.add(value, 0) }

    @inline(__always) mutating func field(_ name: StaticString, _ value: Bytes32) {
        let words = value.words
        hash.add(words.0 ^ Self.word(name), words.1)
        hash.add(words.2, words.3)
    }

    @inline(__always) mutating func field(_ name: StaticString, _ value: Signature) {
        field(name, value.upper)
        field(name, value.lower)
    }

    @inline(__always) mutating func field(_ name: StaticString, _ value: IPAddress) {
        let halves = value.halves
        hash.add(value.isVersion6 ? 6 : 4, Self.word(name))
        hash.add(halves.high, halves.low)
    }

    @inline(__always) mutating func field(_ name: StaticString, _ value: Endpoint) {
        field(name, value.ip)
        hash.add(UInt64(value.port), 0)
    }
}

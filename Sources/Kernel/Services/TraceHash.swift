/// A digest of words in their order: what two runs are compared by.
///
/// Two lanes. The first is a chain of full-width products whose halves are combined, as in wyhash; the second takes in every
/// word and every product, and no two of its values become one by what follows. So a difference anywhere shows at the end,
/// but for one case in 2^64; it withstands nobody who looks for such a case.
public struct TraceHash: Sendable {
    @usableFromInline var first: UInt64 = 0x9e37_79b9_7f4a_7c15
    @usableFromInline var second: UInt64 = 0xd1b5_4a32_d192_ed03

    public init() {}

    /// Adds two words.
    @inlinable @inline(__always) public mutating func add(_ one: UInt64, _ other: UInt64) {
        let product = (first ^ one).multipliedFullWidth(by: other ^ 0xa076_1d64_78bd_642f)
        first = product.high ^ product.low
        second = ((second << 29 | second >> 35) ^ first) &+ one &+ (other << 32 | other >> 32)
    }

    /// Adds bytes, eight at a time. Their number is not added.
    @inlinable public mutating func add(bytes: UnsafeRawBufferPointer) {
        var place = 0
        while bytes.count - place >= 16 {
            add(
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)),
                UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self))
            )
            place += 16
        }
        guard place < bytes.count else { return }
        var words: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &words) {
            $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[place...]))
        }
        add(UInt64(littleEndian: words.0), UInt64(littleEndian: words.1))
    }

    /// Sixty-four hexadecimal digits over everything added so far.
    public func digest() -> String {
        var digest = ByteDigest()
        for word in [first, second] {
            digest.add((0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) })
        }
        return digest.hex
    }
}

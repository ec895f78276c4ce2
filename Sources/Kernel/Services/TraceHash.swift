import Crypto

/// A SHA-256 over a stream of records, hashed in blocks: what two runs are compared by.
///
/// Each record is folded into one word first (a full-width product whose halves are combined, as in wyhash): the digest
/// tells runs apart, it need not withstand anybody, and hashing every byte was a tenth of a run.
public struct TraceHash {
    private static let blockWords = 8192
    private static let odd: (UInt64, UInt64) = (0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db)
    private var words = [UInt64](repeating: 0, count: blockWords)
    private var count = 0
    /// Depends on all records so far, so that their order counts.
    private var chain: UInt64 = 0
    private var hasher = SHA256()

    public init() {}

    /// Adds a record of two numbers.
    public mutating func add(_ first: UInt64, _ second: UInt64) {
        let product = (first ^ chain ^ Self.odd.0).multipliedFullWidth(by: second &+ Self.odd.1 ^ chain >> 32)
        chain = product.high ^ product.low &+ first &+ second << 1
        words[count] = chain.littleEndian
        count += 1
        if count == Self.blockWords { flush() }
    }

    /// Sixty-four hexadecimal digits over everything added so far.
    public func digest() -> String {
        var copy = self
        copy.flush()
        return copy.hasher.finalize().map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    private mutating func flush() {
        words.withUnsafeBytes { hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<(8 * count)])) }
        count = 0
    }
}

/// SHA-256 of some bytes, as 64 hexadecimal digits: names a profile or a file.
public func sha256Hex(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { byte in
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
    }.joined()
}

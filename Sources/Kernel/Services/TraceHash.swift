import Crypto

/// A SHA-256 over a stream of numbers, hashed in blocks: what two runs are compared by.
public struct TraceHash {
    private static let blockWords = 8192
    private var words = [UInt64](repeating: 0, count: blockWords)
    private var count = 0
    private var hasher = SHA256()

    public init() {}

    /// Adds two numbers.
    public mutating func add(_ first: UInt64, _ second: UInt64) {
        words[count] = first.littleEndian
        words[count + 1] = second.littleEndian
        count += 2
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

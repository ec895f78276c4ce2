import Crypto

/// A SHA-256 over a stream of fixed-size records, hashed in blocks: what two runs are compared by.
public struct TraceHash {
    private static let blockWords = 8192
    private var words: [UInt64]
    private var hasher = SHA256()
    /// How many records went in.
    public private(set) var records: UInt64 = 0

    public init() {
        words = []
        words.reserveCapacity(Self.blockWords)
    }

    /// Adds one record of four words.
    public mutating func add(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        words.append(first)
        words.append(second)
        words.append(third)
        words.append(fourth)
        records += 1
        if words.count >= Self.blockWords { flush() }
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
        // Little-endian whatever the host is, so that a digest is the same everywhere.
        for index in words.indices { words[index] = words[index].littleEndian }
        words.withUnsafeBytes { hasher.update(bufferPointer: $0) }
        words.removeAll(keepingCapacity: true)
    }
}

/// SHA-256 of some bytes, as 64 hexadecimal digits: names a profile or a file.
public func sha256Hex(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { byte in
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
    }.joined()
}

/// Thirty-two bytes held inline, so that keys and hashes cost no allocation and compare in four words.
///
/// The order is that of the bytes read as one big-endian number.
public struct Bytes32: Sendable, Hashable, Comparable {
    @usableFromInline package let words: (UInt64, UInt64, UInt64, UInt64)

    /// Thirty-two zero bytes.
    public static let zero = Bytes32(words: (0, 0, 0, 0))

    private init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// The bytes of four big-endian words, most significant first.
    public init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        self.words = (first, second, third, fourth)
    }

    /// - Returns: nil unless `bytes` holds exactly thirty-two.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        // Bytes that lie together are read as words.
        let together = bytes.withContiguousStorageIfAvailable { bytes in
            let raw = UnsafeRawBufferPointer(bytes)
            func word(_ index: Int) -> UInt64 {
                UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
            }
            return (word(0), word(1), word(2), word(3))
        }
        if let together {
            self.words = together
            return
        }
        var iterator = bytes.makeIterator()
        func word() -> UInt64 {
            var word: UInt64 = 0
            for _ in 0..<8 { word = word << 8 | UInt64(iterator.next() ?? 0) }
            return word
        }
        self.words = (word(), word(), word(), word())
    }

    /// - Returns: nil unless `hex` is exactly sixty-four hexadecimal digits.
    public init?(hex: String) {
        guard hex.utf8.count == 64, let bytes = HexText.bytes(of: hex) else { return nil }
        self.init(bytes)
    }

    /// The thirty-two bytes in order.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.storeBytes(of: words.0.bigEndian, toByteOffset: 0, as: UInt64.self)
            raw.storeBytes(of: words.1.bigEndian, toByteOffset: 8, as: UInt64.self)
            raw.storeBytes(of: words.2.bigEndian, toByteOffset: 16, as: UInt64.self)
            raw.storeBytes(of: words.3.bigEndian, toByteOffset: 24, as: UInt64.self)
            count = 32
        }
    }

    /// Sixty-four lower-case hexadecimal digits.
    public var hex: String { HexText.text(of: bytes) }

    /// The first eight bytes as one number: enough to mix or to print, never enough to identify.
    public var prefix64: UInt64 { words.0 }

    public static func == (left: Bytes32, right: Bytes32) -> Bool {
        left.words.0 == right.words.0 && left.words.1 == right.words.1
            && left.words.2 == right.words.2 && left.words.3 == right.words.3
    }

    public static func < (left: Bytes32, right: Bytes32) -> Bool {
        if left.words.0 != right.words.0 { return left.words.0 < right.words.0 }
        if left.words.1 != right.words.1 { return left.words.1 < right.words.1 }
        if left.words.2 != right.words.2 { return left.words.2 < right.words.2 }
        return left.words.3 < right.words.3
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.3)
    }
}

internal import PublicKeys

/// Who a node is: its Ed25519 public key (RFC 8032), 32 bytes.
public struct Identity: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The public key.
    public let key: Bytes32

    /// An identity from a public key that was checked before, or made here.
    public init(key: Bytes32) {
        self.key = key
    }

    /// An identity from a public key that comes from outside.
    ///
    /// - Returns: nil for a key of small order, for which anybody can sign, and for a second encoding of another key.
    public init?(untrusted key: Bytes32) {
        guard PublicKeyFault(ofKey: key.bytes) == nil else { return nil }
        self.key = key
    }

    /// - Returns: nil unless `hex` is exactly sixty-four hexadecimal digits, and the key one that ``init(untrusted:)``
    ///   takes.
    public init?(hex: String) {
        guard let key = Bytes32(hex: hex) else { return nil }
        self.init(untrusted: key)
    }

    /// What is wrong with the key, for people; nil where nothing is.
    public var fault: String? { PublicKeyFault(ofKey: key.bytes)?.explanation }

    public static func < (left: Identity, right: Identity) -> Bool { left.key < right.key }

    /// Sixty-four hexadecimal digits.
    public var hex: String { key.hex }

    /// Eight digits for logs and tables: to recognise, not to identify.
    public var description: String { String(key.hex.prefix(8)) }
}

/// The SHA-256 hash that names a block.
public struct BlockHash: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The thirty-two bytes of the hash.
    public let bytes: Bytes32

    /// The hash that stands before the first block.
    public static let genesis = BlockHash(bytes: .zero)

    /// A hash from its bytes.
    public init(bytes: Bytes32) {
        self.bytes = bytes
    }

    public static func < (left: BlockHash, right: BlockHash) -> Bool { left.bytes < right.bytes }

    /// Eight digits for logs and tables.
    public var description: String { String(bytes.hex.prefix(8)) }
}

/// An Ed25519 signature (64 bytes), or the simulator's stand-in of the same size.
public struct Signature: Sendable, Hashable {
    /// First half of the signature.
    public let upper: Bytes32
    /// Second half of the signature.
    public let lower: Bytes32

    /// A signature from its two halves.
    public init(upper: Bytes32, lower: Bytes32) {
        self.upper = upper
        self.lower = lower
    }

    /// - Returns: nil unless `bytes` holds exactly sixty-four.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 64, let upper = Bytes32(bytes.prefix(32)), let lower = Bytes32(bytes.suffix(32)) else {
            return nil
        }
        self.init(upper: upper, lower: lower)
    }

    /// The sixty-four bytes in order.
    public var bytes: [UInt8] { upper.bytes + lower.bytes }

    /// What a message carries when its handshake style signs nothing.
    public static let none = Signature(upper: .zero, lower: .zero)
}

/// What all nodes of a network must hold alike, as digests: two nodes that differ in it are refused to each other.
public struct Agreement: Sendable, Hashable {
    /// One value that all nodes must hold alike.
    public struct Value: Sendable, Hashable {
        /// Such as `slot_interval`: 1 to ``Agreement/maximumNameBytes`` of UTF-8.
        public var name: String
        /// The first eight bytes of the SHA-256 of the value as text.
        public var digest: UInt64

        public init(name: String, digest: UInt64) {
            self.name = name
            self.digest = digest
        }
    }

    /// SHA-256 over all values and their names.
    public var digest: Bytes32
    /// Which value differs where the digest does: ``maximumValues`` at most, in the order in which they are compared.
    public var values: [Value]

    public init(digest: Bytes32, values: [Value]) {
        self.digest = digest
        self.values = values
    }

    /// The most values that one message carries.
    public static let maximumValues = 32
    /// The longest name of a value, in bytes of UTF-8.
    public static let maximumNameBytes = 64

    /// The name of the first value that `other` holds otherwise, or does not hold; nil where both hold the same.
    public func firstDifference(from other: Agreement) -> String? {
        guard digest != other.digest else { return nil }
        for value in values where !other.values.contains(value) { return value.name }
        for value in other.values where !values.contains(value) { return value.name }
        return "a value that is not among the first \(Self.maximumValues)"
    }

    /// Whether a receiver takes it.
    var isWellFormed: Bool {
        values.count <= Self.maximumValues
            && values.allSatisfy { (1...Self.maximumNameBytes).contains($0.name.utf8.count) }
    }
}

/// What a trace says of a message besides its bytes: names and values in the order in which they were added.
public struct TraceFields: Sendable {
    /// One value.
    public enum Value: Sendable {
        case number(UInt64)
        case signed(Int64)
        case text(String)
        case flag(Bool)
        /// Written as hexadecimal digits.
        case bytes([UInt8])
        case list([TraceFields])
    }

    /// Names and values. A name is in lower case with underscores and ends in its unit, where there is one: `expires_ms`.
    public private(set) var items: [(name: StaticString, value: Value)] = []

    public init() {}

    public mutating func add(_ name: StaticString, _ value: some UnsignedInteger) {
        items.append((name, .number(UInt64(clamping: value))))
    }

    public mutating func add(_ name: StaticString, _ value: some SignedInteger) {
        items.append((name, .signed(Int64(clamping: value))))
    }

    public mutating func add(_ name: StaticString, _ value: String) { items.append((name, .text(value))) }

    public mutating func add(_ name: StaticString, _ value: Bool) { items.append((name, .flag(value))) }

    public mutating func add(_ name: StaticString, _ value: [UInt8]) { items.append((name, .bytes(value))) }

    public mutating func add(_ name: StaticString, _ value: Identity) { add(name, value.key.bytes) }

    public mutating func add(_ name: StaticString, _ value: BlockHash) { add(name, value.bytes.bytes) }

    public mutating func add(_ name: StaticString, _ value: Endpoint) { add(name, value.description) }

    /// One object for each of `elements`, filled by `describe`.
    public mutating func add<Element>(
        _ name: StaticString, _ elements: [Element], _ describe: (Element, inout TraceFields) -> Void
    ) {
        items.append(
            (
                name,
                .list(
                    elements.map {
                        var fields = TraceFields()
                        describe($0, &fields)
                        return fields
                    }
                )
            )
        )
    }
}

import Kernel
import Wire

/// Takes what is known of an input, an effect or a checkpoint, member by member: writes it as JSON, or folds it into a
/// digest. Each kind of record is described once, for both, so that a digest covers whatever a trace says.
package protocol FieldSink {
    /// An object as a line, or as an item of a list.
    mutating func object(_ body: (inout Self) -> Void)
    mutating func object(_ name: StaticString, _ body: (inout Self) -> Void)
    /// A list of objects or of plain values, written by `item`.
    mutating func list<Item>(
        _ name: StaticString, _ items: some Collection<Item>, _ item: (Item, inout Self) -> Void
    )

    /// One of a fixed set of words.
    mutating func word(_ name: StaticString, _ word: StaticString)
    mutating func field(_ name: StaticString, _ value: some FixedWidthInteger)
    mutating func field(_ name: StaticString, _ value: Bool)
    mutating func field(_ name: StaticString, _ value: String)
    /// Sixty-four bits that count nothing.
    mutating func bits(_ name: StaticString, _ value: UInt64)
    /// The same as an item of a list.
    mutating func bits(_ value: UInt64)
    mutating func hex(_ name: StaticString, _ value: [UInt8])
    /// A message of a module.
    mutating func envelope(_ envelope: ModuleEnvelope)
    mutating func field(_ name: StaticString, _ value: Bytes32)
    mutating func field(_ name: StaticString, _ value: Signature)
    mutating func field(_ name: StaticString, _ value: IPAddress)
    mutating func field(_ name: StaticString, _ value: Endpoint)
}

extension FieldSink {
    mutating func field(_ name: StaticString, _ value: Identity) { field(name, value.key) }

    mutating func field(_ name: StaticString, _ value: BlockHash) { field(name, value.bytes) }

    mutating func field(_ name: StaticString, _ value: LinkID) { field(name, value.number) }

    mutating func field(_ name: StaticString, _ value: Token) { field(name, value.number) }

    mutating func field(_ name: StaticString, _ value: WriteToken) { field(name, value.number) }

    mutating func field<Word: RawRepresentable<String>>(_ name: StaticString, _ value: Word) {
        field(name, value.rawValue)
    }

    /// Nanoseconds, whatever the name says of them.
    mutating func field(_ name: StaticString, _ value: Duration) { field(name, value.nanoseconds) }

    mutating func field(_ name: StaticString, _ value: Instant) { field(name, value.nanoseconds) }
}

import Kernel
import Wire

/// Writes one JSON object as bytes, member by member, in the one form that a trace has: no spaces, no line breaks.
///
/// By hand, because a run has millions of records and a coder takes a hundred times as long.
package struct LineWriter: FieldSink {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    /// Forgets what was written and keeps its room.
    package mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    /// Writes a line break.
    package mutating func endLine() { bytes.append(0x0a) }

    /// A comma, where something stands before that is complete.
    private mutating func separate() {
        switch bytes.last {
        case nil, UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: ":"), 0x0a: break
        default: bytes.append(UInt8(ascii: ","))
        }
    }

    private mutating func name(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    // MARK: Objects and lists

    /// A whole object, as a line or as an item of a list.
    package mutating func object(_ body: (inout LineWriter) -> Void) {
        separate()
        bytes.append(UInt8(ascii: "{"))
        body(&self)
        bytes.append(UInt8(ascii: "}"))
    }

    package mutating func object(_ name: StaticString, _ body: (inout LineWriter) -> Void) {
        self.name(name)
        object(body)
    }

    /// A list of objects or of plain values, written by `item`.
    package mutating func list<Item>(
        _ name: StaticString, _ items: some Collection<Item>, _ item: (Item, inout LineWriter) -> Void
    ) {
        self.name(name)
        bytes.append(UInt8(ascii: "["))
        for element in items { item(element, &self) }
        bytes.append(UInt8(ascii: "]"))
    }

    // MARK: Values

    package mutating func word(_ name: StaticString, _ word: StaticString) {
        self.name(name)
        bytes.append(UInt8(ascii: "\""))
        word.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func field(_ name: StaticString, _ value: some FixedWidthInteger) {
        self.name(name)
        number(value)
    }

    package mutating func field(_ name: StaticString, _ value: Bool) {
        self.name(name)
        bytes.append(contentsOf: (value ? "true" : "false").utf8)
    }

    package mutating func field(_ name: StaticString, _ value: String) {
        self.name(name)
        text(value)
    }

    /// Sixty-four bits that count nothing, as sixteen hexadecimal digits: JSON readers elsewhere round such numbers.
    package mutating func bits(_ name: StaticString, _ value: UInt64) {
        self.name(name)
        bits(value)
    }

    /// The same as an item of a list.
    package mutating func bits(_ value: UInt64) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for shift in stride(from: 56, through: 0, by: -8) { hex(UInt8(truncatingIfNeeded: value >> UInt64(shift))) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Bytes as hexadecimal digits.
    package mutating func hex(_ name: StaticString, _ value: [UInt8]) {
        self.name(name)
        bytes.append(UInt8(ascii: "\""))
        for byte in value { hex(byte) }
        bytes.append(UInt8(ascii: "\""))
    }

    package mutating func field(_ name: StaticString, _ value: Bytes32) { hex(name, value.bytes) }

    package mutating func field(_ name: StaticString, _ value: Signature) { hex(name, value.bytes) }

    package mutating func field(_ name: StaticString, _ value: IPAddress) { field(name, value.description) }

    package mutating func field(_ name: StaticString, _ value: Endpoint) { field(name, value.description) }

    /// A moment in seconds, all nine digits behind the point.
    package mutating func seconds(_ name: StaticString, nanoseconds: Int64) {
        self.name(name)
        let magnitude = nanoseconds.magnitude
        if nanoseconds < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(magnitude / 1_000_000_000, atLeast: 1)
        bytes.append(UInt8(ascii: "."))
        digits(magnitude % 1_000_000_000, atLeast: 9)
    }

    /// JSON that was written elsewhere.
    package mutating func json(_ name: StaticString, _ value: [UInt8]) {
        self.name(name)
        bytes.append(contentsOf: value)
    }

    // MARK: Digits

    private mutating func number(_ value: some FixedWidthInteger) {
        separate()
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(UInt64(value.magnitude), atLeast: 1)
    }

    private mutating func digits(_ value: UInt64, atLeast count: Int) {
        let start = bytes.count
        var rest = value
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0 || bytes.count - start < count
        bytes[start...].reverse()
    }

    private mutating func hex(_ byte: UInt8) {
        bytes.append(Self.digit(byte >> 4))
        bytes.append(Self.digit(byte & 15))
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble
    }

    private mutating func text(_ value: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0a: bytes.append(contentsOf: "\\n".utf8)
            case 0..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                hex(byte)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

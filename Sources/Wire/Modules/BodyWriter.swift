/// Writes the body of a module's message, field by field, in the encoding of Protocol Buffers.
///
/// A field that has its default value (0, empty, false) is left out; the methods say where they differ. Fields are written
/// in rising order of their numbers, so that equal messages have equal bytes. Numbers below 16 take one byte, larger ones
/// two or more.
///
/// The same calls count the bytes, write them, or fold them into a fingerprint: a message is described once.
public struct BodyWriter: ~Copyable {
    /// What becomes of what is written.
    @usableFromInline enum Mode {
        /// Only counted.
        case counting
        /// Stored into memory that has room for exactly the bytes that were counted before.
        case storing(UnsafeMutableRawBufferPointer)
        /// Folded into `hash`.
        case hashing
    }

    @usableFromInline let mode: Mode
    /// Bytes so far; in fingerprints it means nothing.
    @usableFromInline var count = 0
    /// The fingerprint so far.
    @usableFromInline var hash: UInt64 = 0x9e37_79b9_7f4a_7c15

    @usableFromInline init(_ mode: Mode) {
        self.mode = mode
    }

    // MARK: Fields

    /// A number. A negative one takes ten bytes.
    @inlinable public mutating func number(_ field: UInt64, _ value: some FixedWidthInteger) {
        if value != 0 { put(tag: field << 3, number: UInt64(truncatingIfNeeded: value)) }
    }

    /// Sixty-four bits in eight bytes: for what is random.
    @inlinable public mutating func fixed64(_ field: UInt64, _ value: UInt64) {
        guard value != 0 else { return }
        switch mode {
        case .counting: count += Self.size(field << 3) + 8
        case .hashing: fold(field << 3 | 1, value)
        case .storing(let memory):
            put(field << 3 | 1)
            store(value.littleEndian, in: memory)
        }
    }

    /// Thirty-two bits in four bytes.
    mutating func fixed32(_ field: UInt64, _ value: UInt32) {
        guard value != 0 else { return }
        switch mode {
        case .counting: count += Self.size(field << 3) + 4
        case .hashing: fold(field << 3 | 5, UInt64(value))
        case .storing(let memory):
            put(field << 3 | 5)
            store(value.littleEndian, in: memory)
        }
    }

    /// Yes or no.
    @inlinable public mutating func flag(_ field: UInt64, _ value: Bool) { number(field, value ? 1 as UInt8 : 0) }

    /// Thirty-two bytes. They are written also where all are 0.
    @inlinable public mutating func bytes32(_ field: UInt64, _ value: Bytes32) {
        let (first, second, third, fourth) = value.words
        switch mode {
        case .counting: count += Self.size(field << 3) + 33
        case .hashing:
            fold(field << 3 | 2, first)
            fold(second, third)
            fold(32, fourth)
        case .storing(let memory):
            put(field << 3 | 2)
            put(32)
            store(value, in: memory)
        }
    }

    /// A node's public key.
    @inlinable public mutating func identity(_ field: UInt64, _ value: Identity) { bytes32(field, value.key) }

    /// A signature; nothing for `.none`.
    @inlinable public mutating func signature(_ field: UInt64, _ value: Signature) {
        guard value != .none else { return }
        switch mode {
        case .counting: count += Self.size(field << 3) + 65
        case .hashing:
            bytes32(field, value.upper)
            bytes32(field, value.lower)
        case .storing(let memory):
            put(field << 3 | 2)
            put(64)
            store(value.upper, in: memory)
            store(value.lower, in: memory)
        }
    }

    /// Some bytes.
    public mutating func bytes(_ field: UInt64, _ value: [UInt8]) {
        if !value.isEmpty { value.withUnsafeBytes { put(tag: field << 3 | 2, bytes: $0) } }
    }

    /// A text in UTF-8.
    public mutating func text(_ field: UInt64, _ value: String) {
        guard !value.isEmpty else { return }
        var value = value
        value.withUTF8 { put(tag: field << 3 | 2, bytes: UnsafeRawBufferPointer($0)) }
    }

    /// So many bytes of filler, all 0. Only their number means something, also to a fingerprint.
    @inlinable public mutating func zeros(_ field: UInt64, _ number: Int) {
        guard number > 0 else { return }
        switch mode {
        case .counting: count += Self.size(field << 3) + Self.size(UInt64(number)) + number
        case .hashing: fold(field << 3 | 2, UInt64(number))
        case .storing(let memory):
            put(field << 3 | 2)
            put(UInt64(number))
            let room = Self.part(of: memory, from: count, number)
            room.initializeMemory(as: UInt8.self, repeating: 0)
            count += number
        }
    }

    /// A message inside this one, written by `body`. It is written also where it is empty. `body` runs more than once and
    /// has to write the same each time.
    @inlinable public mutating func message(_ field: UInt64, _ body: (inout BodyWriter) -> Void) {
        let tag = field << 3 | 2
        if case .hashing = mode {
            fold(tag, 0)
            body(&self)
            return fold(~tag, 0)
        }
        var counter = BodyWriter(.counting)
        body(&counter)
        put(tag)
        put(UInt64(counter.count))
        if case .storing = mode { body(&self) } else { count += counter.count }
    }

    // MARK: Bytes

    @usableFromInline mutating func put(tag: UInt64, number: UInt64) {
        switch mode {
        case .counting: count += Self.size(tag) + Self.size(number)
        case .hashing: fold(tag, number)
        case .storing:
            put(tag)
            put(number)
        }
    }

    private mutating func put(tag: UInt64, bytes: UnsafeRawBufferPointer) {
        switch mode {
        case .counting: count += Self.size(tag) + Self.size(UInt64(bytes.count)) + bytes.count
        case .hashing:
            fold(tag, UInt64(bytes.count))
            foldContent(bytes)
        case .storing(let memory):
            put(tag)
            put(UInt64(bytes.count))
            Self.part(of: memory, from: count, bytes.count).copyMemory(from: bytes)
            count += bytes.count
        }
    }

    /// A base-128 number.
    @usableFromInline mutating func put(_ value: UInt64) {
        guard case .storing(let memory) = mode else { return count += Self.size(value) }
        var rest = value
        while rest >= 128 {
            store(UInt8(truncatingIfNeeded: rest) | 128, in: memory)
            rest >>= 7
        }
        store(UInt8(rest), in: memory)
    }

    @usableFromInline mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, in memory: UnsafeMutableRawBufferPointer
    ) {
        let size = MemoryLayout<Value>.size
        Self.part(of: memory, from: count, size).storeBytes(of: value, as: Value.self)
        count += size
    }

    @usableFromInline mutating func store(_ value: Bytes32, in memory: UnsafeMutableRawBufferPointer) {
        let (first, second, third, fourth) = value.words
        store(first.bigEndian, in: memory)
        store(second.bigEndian, in: memory)
        store(third.bigEndian, in: memory)
        store(fourth.bigEndian, in: memory)
    }

    /// Bytes that are fields already.
    mutating func put(encoded bytes: UnsafeRawBufferPointer) {
        switch mode {
        case .counting: count += bytes.count
        case .hashing:
            fold(UInt64(bytes.count), 0)
            foldContent(bytes)
        case .storing(let memory):
            Self.part(of: memory, from: count, bytes.count).copyMemory(from: bytes)
            count += bytes.count
        }
    }

    /// Memory for the next bytes. Less than they need means that a message counted fewer bytes than it writes.
    @usableFromInline static func part(
        of memory: UnsafeMutableRawBufferPointer, from start: Int, _ count: Int
    ) -> UnsafeMutableRawBufferPointer {
        precondition(count <= memory.count - start, "a message wrote more bytes than it had counted before")
        return UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + count])
    }

    /// Bytes of a base-128 number.
    @usableFromInline static func size(_ value: UInt64) -> Int { (64 - (value | 1).leadingZeroBitCount + 6) / 7 }

    // MARK: Fingerprints

    /// A full-width product whose halves are combined, as in wyhash.
    @usableFromInline mutating func fold(_ first: UInt64, _ second: UInt64) {
        let product = (hash ^ first ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(
            by: hash &+ second ^ 0xe703_7ed1_a0b4_28db)
        hash = product.high ^ product.low &+ first &+ second << 1
    }

    mutating func foldContent(_ bytes: UnsafeRawBufferPointer) {
        var place = 0
        while bytes.count - place >= 16 {
            fold(
                bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self).littleEndian,
                bytes.loadUnaligned(fromByteOffset: place + 8, as: UInt64.self).littleEndian
            )
            place += 16
        }
        var tail: (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes[place...].enumerated() {
            if index < 8 {
                tail.0 |= UInt64(byte) << UInt64(8 * index)
            } else {
                tail.1 |= UInt64(byte) << UInt64(8 * index - 64)
            }
        }
        fold(tail.0, tail.1)
    }
}

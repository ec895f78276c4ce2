import Kernel
import Wire

/// Reads the members of one JSON object of a trace; what is missing or wrong is an error with its line.
struct FieldReader {
    let tree: JSONTree
    let line: Int
    /// What the object is, for messages.
    let what: String

    /// - Throws: where `tree` is no object.
    init(_ tree: JSONTree, line: Int, what: String) throws(TraceError) {
        guard case .object = tree else { throw TraceError(.badField, line: line, "\(what) is no object") }
        self.tree = tree
        self.line = line
        self.what = what
    }

    func bad(_ name: String, _ expected: String) -> TraceError {
        let found = tree[name] == nil ? "is missing" : "is not \(expected)"
        return TraceError(
            .badField, line: line, "'\(name)' of \(what) \(found)\(tree[name] == nil ? ": \(expected)" : "")")
    }

    func has(_ name: String) -> Bool { tree[name] != nil }

    /// - Parameter bytes: the object as this program writes what it has read of it.
    /// - Throws: where that is another object: a member was not read, or a value stands in another form.
    func check(isWrittenAs bytes: [UInt8]) throws(TraceError) {
        let own = try TraceReader.tree(TraceReader.Line(number: line, bytes: bytes))
        guard let difference = tree.difference(from: own) else { return }
        let found = difference.left ?? "nothing"
        throw TraceError(
            .otherForm, line: line,
            difference.right.map { "'\(difference.path)' of \(what) is \(found): this program writes \($0)" }
                ?? "'\(difference.path)' of \(what) is \(found): this program knows no such member"
        )
    }

    // MARK: Plain values

    func text(_ name: String) throws(TraceError) -> String {
        guard case .string(let text) = tree[name] else { throw bad(name, "a text") }
        return text
    }

    func flag(_ name: String) throws(TraceError) -> Bool {
        guard case .boolean(let value) = tree[name] else { throw bad(name, "true or false") }
        return value
    }

    func number<Value: FixedWidthInteger>(_ name: String) throws(TraceError) -> Value {
        guard case .number(let digits) = tree[name], let value = Value(digits) else {
            throw bad(name, "a whole number of \(Value.bitWidth) bits")
        }
        return value
    }

    /// A number that others are computed from, within its bounds.
    func number<Value: FixedWidthInteger>(
        _ name: String, in range: ClosedRange<Value>
    ) throws(TraceError) -> Value {
        let value: Value = try number(name)
        guard range.contains(value) else {
            throw TraceError(
                .outOfRange, line: line,
                "'\(name)' of \(what) is \(value): it is \(range.lowerBound) at least and \(range.upperBound) at most"
            )
        }
        return value
    }

    /// A moment of a clock that counts from a start: seconds with nine digits behind the point, as nanoseconds.
    func seconds(_ name: String) throws(TraceError) -> Int64 {
        let value = try anySeconds(name)
        guard TraceBounds.time.contains(value) else {
            throw TraceError(
                .outOfRange, line: line,
                "'\(name)' of \(what) is no time of a run: it is 0 at least, and a hundred years at most"
            )
        }
        return value
    }

    private func anySeconds(_ name: String) throws(TraceError) -> Int64 {
        guard case .number(let digits) = tree[name], let point = digits.firstIndex(of: "."),
            digits.utf8.count - digits.utf8.distance(from: digits.startIndex, to: point) == 10,
            let value = Int64(digits[..<point] + digits[digits.index(after: point)...])
        else { throw bad(name, "a number of seconds with nine digits behind the point") }
        return value
    }

    /// Sixteen hexadecimal digits.
    func bits(_ name: String) throws(TraceError) -> UInt64 {
        guard case .string(let digits) = tree[name], let value = Self.bits(digits) else {
            throw bad(name, "16 hexadecimal digits")
        }
        return value
    }

    private static func bits(_ digits: String) -> UInt64? {
        guard let bytes = bytes(digits), bytes.count == 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// A list of numbers of sixteen hexadecimal digits.
    func bitsList(_ name: String) throws(TraceError) -> [UInt64] {
        guard case .array(let items) = tree[name] else { throw bad(name, "a list") }
        var values: [UInt64] = []
        for item in items {
            guard case .string(let digits) = item, let value = Self.bits(digits) else {
                throw bad(name, "a list of texts of 16 hexadecimal digits")
            }
            values.append(value)
        }
        return values
    }

    func bytes(_ name: String) throws(TraceError) -> [UInt8] {
        guard case .string(let digits) = tree[name], let bytes = Self.bytes(digits) else {
            throw bad(name, "a text of hexadecimal digits, two a byte")
        }
        return bytes
    }

    private static func bytes(_ digits: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.utf8.count / 2)
        var high: UInt8?
        for digit in digits.utf8 {
            let nibble: UInt8
            switch digit {
            case 48...57: nibble = digit - 48
            case 97...102: nibble = digit - 87
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | nibble)
                high = nil
            } else {
                high = nibble
            }
        }
        return high == nil ? bytes : nil
    }

    // MARK: Values of the field

    func word<Word: RawRepresentable<String>>(_ name: String) throws(TraceError) -> Word {
        guard let word = Word(rawValue: try text(name)) else {
            throw TraceError(.unknownKind, line: line, "\(what) has no '\(name)' called '\(try text(name))'")
        }
        return word
    }

    func thirtyTwo(_ name: String) throws(TraceError) -> Bytes32 {
        guard let value = Bytes32(try bytes(name)) else { throw bad(name, "64 hexadecimal digits") }
        return value
    }

    func identity(_ name: String) throws(TraceError) -> Identity {
        guard let identity = Identity(untrusted: try thirtyTwo(name)) else {
            throw bad(name, "a public key that a node may have")
        }
        return identity
    }

    func signature(_ name: String) throws(TraceError) -> Signature {
        guard let value = Signature(try bytes(name)) else { throw bad(name, "128 hexadecimal digits") }
        return value
    }

    func endpoint(_ name: String) throws(TraceError) -> Endpoint {
        guard let value = Endpoint(try text(name)) else { throw bad(name, "an address and a port") }
        return value
    }

    func link(_ name: String) throws(TraceError) -> LinkID {
        LinkID(number: try number(name, in: TraceBounds.count))
    }

    func token(_ name: String) throws(TraceError) -> Token { Token(number: try number(name, in: TraceBounds.count)) }

    func writeToken(_ name: String) throws(TraceError) -> WriteToken {
        WriteToken(number: try number(name, in: TraceBounds.count))
    }

    func duration(_ name: String, in range: ClosedRange<Int64>) throws(TraceError) -> Duration {
        .nanoseconds(try number(name, in: range))
    }

    /// A moment that has been.
    func instant(_ name: String) throws(TraceError) -> Instant {
        Instant(nanoseconds: try number(name, in: TraceBounds.time))
    }

    /// Nil where there is no such member.
    func optional<Value>(
        _ name: String, _ read: (String) throws(TraceError) -> Value
    ) throws(TraceError) -> Value? {
        has(name) ? try read(name) : nil
    }

    // MARK: Objects and lists

    func object(_ name: String) throws(TraceError) -> FieldReader {
        guard let member = tree[name] else { throw bad(name, "an object") }
        return try FieldReader(member, line: line, what: "'\(name)'")
    }

    /// A list of objects, each read by `read`.
    func list<Value>(
        _ name: String, _ read: (FieldReader) throws(TraceError) -> Value
    ) throws(TraceError) -> [Value] {
        guard case .array(let items) = tree[name] else { throw bad(name, "a list") }
        var values: [Value] = []
        values.reserveCapacity(items.count)
        for item in items {
            values.append(try read(try FieldReader(item, line: line, what: "an item of '\(name)'")))
        }
        return values
    }
}

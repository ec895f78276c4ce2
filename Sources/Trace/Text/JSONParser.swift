import Collections

/// Reads one JSON value out of bytes (RFC 8259). Strict, bounded in depth, and it never traps on what it reads.
struct JSONParser {
    /// Objects and lists inside one another.
    static let maximumDepth = 128

    /// Where the bytes are no JSON.
    struct Failure: Error {
        /// Bytes before the place.
        let offset: Int
        /// What is wrong there.
        let message: String
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The value that the bytes are, with nothing behind it.
    static func tree(_ bytes: [UInt8]) throws(Failure) -> JSONTree {
        // Typed errors do not pass through `withUnsafeBufferPointer`.
        let result = bytes.withUnsafeBufferPointer { buffer -> Result<JSONTree, Failure> in
            var parser = JSONParser(buffer)
            do throws(Failure) {
                let tree = try parser.value(depth: 0)
                parser.skipSpace()
                guard parser.place == buffer.count else { throw parser.failure("something stands behind the value") }
                return .success(tree)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func failure(_ message: String) -> Failure { Failure(offset: place, message: message) }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { place += 1 }
    }

    private mutating func value(depth: Int) throws(Failure) -> JSONTree {
        guard depth < Self.maximumDepth else { throw failure("values lie too deep inside one another") }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"): return .number(try number())
        case let byte? where Self.isDigit(byte): return .number(try number())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case nil: throw failure("the line ends in the middle of a value")
        default: throw failure("no value begins like this")
        }
    }

    private mutating func word(_ word: StaticString, _ tree: JSONTree) throws(Failure) -> JSONTree {
        for index in 0..<word.utf8CodeUnitCount {
            guard next == word.utf8Start[index] else { throw failure("'\(word)' was expected") }
            place += 1
        }
        return tree
    }

    private mutating func object(_ depth: Int) throws(Failure) -> JSONTree {
        place += 1
        var members: [JSONTree.Member] = []
        // Of few members a look at each is quicker than a table.
        var names: OrderedSet<String> = []
        skipSpace()
        if try take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("a member's name was expected") }
            let name = try string()
            if members.count == 16 { names = OrderedSet(members.map(\.name)) }
            let isTaken = members.count < 16 ? members.contains { $0.name == name } : !names.append(name).inserted
            guard !isTaken else { throw failure("the object has two members '\(name.prefix(80))'") }
            skipSpace()
            guard try take(UInt8(ascii: ":")) else { throw failure("':' was expected") }
            members.append(JSONTree.Member(name: name, value: try value(depth: depth + 1)))
            skipSpace()
        } while try take(UInt8(ascii: ","))
        guard try take(UInt8(ascii: "}")) else { throw failure("',' or '}' was expected") }
        return .object(members)
    }

    private mutating func array(_ depth: Int) throws(Failure) -> JSONTree {
        place += 1
        var items: [JSONTree] = []
        skipSpace()
        if try take(UInt8(ascii: "]")) { return .array(items) }
        repeat {
            items.append(try value(depth: depth + 1))
            skipSpace()
        } while try take(UInt8(ascii: ","))
        guard try take(UInt8(ascii: "]")) else { throw failure("',' or ']' was expected") }
        return .array(items)
    }

    /// Steps over a byte where it is the next one.
    private mutating func take(_ byte: UInt8) throws(Failure) -> Bool {
        guard let next else { throw failure("the line ends in the middle of a value") }
        guard next == byte else { return false }
        place += 1
        return true
    }

    private mutating func number() throws(Failure) -> String {
        let start = place
        if next == UInt8(ascii: "-") { place += 1 }
        let startsWithZero = next == UInt8(ascii: "0")
        let count = digits()
        guard count > 0 else { throw failure("a digit was expected") }
        if startsWithZero, count > 1 { throw failure("a number does not begin with 0") }
        if next == UInt8(ascii: ".") {
            place += 1
            guard digits() > 0 else { throw failure("a digit was expected") }
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            place += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { place += 1 }
            guard digits() > 0 else { throw failure("a digit was expected") }
        }
        return String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private mutating func digits() -> Int {
        let start = place
        while let byte = next, Self.isDigit(byte) { place += 1 }
        return place - start
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

// MARK: - Texts

extension JSONParser {
    private mutating func string() throws(Failure) -> String {
        place += 1
        let start = place
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") {
            guard byte >= 0x20 else { throw failure("a text holds a control character") }
            place += 1
        }
        // Most texts have no escapes, and are taken as they stand.
        guard next == UInt8(ascii: "\\") else { return try close(Array(bytes[start..<place])) }
        var unescaped = Array(bytes[start..<place])
        while let byte = next, byte != UInt8(ascii: "\"") {
            guard byte >= 0x20 else { throw failure("a text holds a control character") }
            place += 1
            if byte == UInt8(ascii: "\\") { try escape(&unescaped) } else { unescaped.append(byte) }
        }
        return try close(unescaped)
    }

    private mutating func close(_ content: [UInt8]) throws(Failure) -> String {
        guard next == UInt8(ascii: "\"") else { throw failure("the line ends in the middle of a text") }
        guard let text = String(validating: content, as: UTF8.self) else { throw failure("a text is not UTF-8") }
        place += 1
        return text
    }

    private mutating func escape(_ text: inout [UInt8]) throws(Failure) {
        guard let byte = next else { throw failure("the line ends in the middle of a text") }
        place += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "u"): text += UTF8.encode(try escapedScalar()).map(Array.init) ?? []
        default: throw failure("no escape is written like this")
        }
    }

    private mutating func escapedScalar() throws(Failure) -> Unicode.Scalar {
        let unit = try codeUnit()
        if let scalar = Unicode.Scalar(unit) { return scalar }
        guard unit < 0xdc00, try take(UInt8(ascii: "\\")), try take(UInt8(ascii: "u")) else {
            throw failure("half of a surrogate pair")
        }
        let low = try codeUnit()
        guard (0xdc00..<0xe000).contains(low),
            let scalar = Unicode.Scalar(0x1_0000 + (UInt32(unit) - 0xd800) << 10 + (UInt32(low) - 0xdc00))
        else { throw failure("half of a surrogate pair") }
        return scalar
    }

    private mutating func codeUnit() throws(Failure) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits were expected")
            }
            unit = unit << 4 | UInt16(digit)
            place += 1
        }
        return unit
    }
}

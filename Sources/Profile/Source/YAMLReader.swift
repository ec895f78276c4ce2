/// Builds the tree of one document from libyaml's events, and refuses what a configuration has no use for: anchors,
/// aliases and merge keys (a short file can stand for gigabytes), tags, several documents, keys that are not text,
/// keys given twice, and nesting beyond a limit.
struct YAMLReader {
    /// Levels of blocks and lists in each other.
    static let maximumDepth = 64
    /// Keys of one block. What is done for each key grows with their number.
    static let maximumKeys = 1_000
    /// Items of one list.
    static let maximumItems = 10_000

    private let source: SourceText
    private let origin: SourceLocation
    private(set) var problems: [Problem] = []

    struct Problem {
        var code: Diagnostic.Code
        var location: SourceLocation
        var message: String
        var help: String?
    }

    /// Internal: stops the reading; the reason is in `problems`.
    private struct Stop: Error {}

    /// - Parameter origin: the place of the text's first character, for a text inside another one.
    init(source: SourceText, origin: SourceLocation? = nil) {
        self.source = source
        self.origin = origin ?? SourceLocation(file: source.name, line: 1, column: 1, length: 1)
    }

    /// The tree, or nil if there is none (then `problems` says why).
    mutating func read(from offset: Int = 0) -> YAMLNode? {
        source.bytes.withUnsafeBufferPointer { buffer in
            let events = YAMLEvents(UnsafeBufferPointer(rebasing: buffer[offset...]))
            do throws(Stop) { return try document(events) } catch { return nil }
        }
    }

    private mutating func document(_ events: borrowing YAMLEvents) throws(Stop) -> YAMLNode? {
        _ = try next(events)
        let first = try next(events)
        if case .streamEnd = first.kind {
            let help = "write at least the keys that have no default, or start from 'config new'"
            report(.emptyDocument, .wholeFile(source.name), "the document is empty", help)
            return nil
        }
        let root = try node(try next(events), events, depth: 1)
        _ = try next(events)
        let last = try next(events)
        if case .documentStart = last.kind {
            let help = "keep one document a file; lay files over each other with 'extends'"
            report(.severalDocuments, place(last), "a second document starts here", help)
            return nil
        }
        return root
    }

    private mutating func node(
        _ event: YAMLEvent,
        _ events: borrowing YAMLEvents,
        depth: Int
    ) throws(Stop) -> YAMLNode {
        let location = place(event)
        refuseDecorations(event, location)
        switch event.kind {
        case .scalar(let text, let plain):
            return YAMLNode(content: .scalar(text: text, plain: plain), location: location)
        case .sequenceStart:
            try checkDepth(depth, location)
            var items: [YAMLNode] = []
            while true {
                let event = try next(events)
                if case .sequenceEnd = event.kind { break }
                if items.count >= YAMLReader.maximumItems {
                    report(.tooLarge, place(event), "a list has more than \(YAMLReader.maximumItems) items", nil)
                    throw Stop()
                }
                items.append(try node(event, events, depth: depth + 1))
            }
            return YAMLNode(content: .sequence(items), location: location)
        case .mappingStart:
            try checkDepth(depth, location)
            return YAMLNode(content: .mapping(try pairs(events, depth: depth)), location: location)
        case .alias(let name):
            let help = "write the value again, or share it between files with 'extends'"
            report(.unsupported, location, "aliases such as '*\(printable(name))' are not supported", help)
        default:
            report(.syntax, location, "the document ends in the middle of a value", nil)
            throw Stop()
        }
        var refused = YAMLNode(content: .scalar(text: "", plain: true), location: location)
        refused.isRefused = true
        return refused
    }

    private mutating func pairs(_ events: borrowing YAMLEvents, depth: Int) throws(Stop) -> [YAMLPair] {
        var pairs: [YAMLPair] = []
        var lines: [String: Int] = [:]
        while true {
            let event = try next(events)
            if case .mappingEnd = event.kind { return pairs }
            if pairs.count >= YAMLReader.maximumKeys {
                report(.tooLarge, place(event), "a block has more than \(YAMLReader.maximumKeys) keys", nil)
                throw Stop()
            }
            let key = try node(event, events, depth: depth + 1)
            let value = try node(try next(events), events, depth: depth + 1)
            guard case .scalar(let text, let plain) = key.content, !key.isRefused else {
                if !key.isRefused {
                    report(.wrongType, key.location, "a key must be a word, found \(key.inWords)", nil)
                }
                continue
            }
            if plain, text == "<<" {
                let help = "write the keys out, or share them between files with 'extends'"
                report(.unsupported, key.location, "merge keys ('<<') are not supported", help)
            } else if text.isEmpty {
                report(.syntax, key.location, "a key is missing before the colon", nil)
            } else if let line = lines[text] {
                let help = "the first one is on line \(line); keep one of the two"
                report(.duplicateKey, key.location, "the key \(quoted(text)) is given twice", help)
            } else {
                lines[text] = key.location.line
                pairs.append(YAMLPair(key: text, keyLocation: key.location, value: value))
            }
        }
    }

    private mutating func refuseDecorations(_ event: YAMLEvent, _ location: SourceLocation) {
        if let anchor = event.anchor {
            let help = "write the value where it is used, or share it between files with 'extends'"
            report(.unsupported, location, "anchors such as '&\(printable(anchor))' are not supported", help)
        }
        if let tag = event.tag, tag != "!" {
            let help = "leave the tag out: the option says which type the value has"
            report(.unsupported, location, "tags are not supported, found \(quoted(tag))", help)
        }
    }

    private mutating func checkDepth(_ depth: Int, _ location: SourceLocation) throws(Stop) {
        guard depth > YAMLReader.maximumDepth else { return }
        report(.tooDeep, location, "nested deeper than \(YAMLReader.maximumDepth) levels", nil)
        throw Stop()
    }

    private mutating func next(_ events: borrowing YAMLEvents) throws(Stop) -> YAMLEvent {
        do throws(YAMLSyntaxError) {
            return try events.next()
        } catch {
            report(error)
            throw Stop()
        }
    }

    private mutating func report(_ error: YAMLSyntaxError) {
        if let offset = error.offset {
            report(
                .encoding, source.location(ofByte: offset), error.message,
                "remove the character, or escape it in double quotes")
            return
        }
        let location = shifted(line: error.line, column: error.column, length: 1)
        let text = source.line(error.line + 1) ?? ""
        if let tab = text.firstIndex(of: "\t"), text[..<tab].allSatisfy({ $0 == " " }), !location.isOverride {
            let column = text.distance(from: text.startIndex, to: tab)
            report(
                .indentation, shifted(line: error.line, column: column, length: 1),
                "a tab stands in the indentation", "YAML wants spaces: two a level"
            )
            return
        }
        let help =
            YAMLReader.addressRemedy(text, column: error.column)
            ?? YAMLReader.remedies.first { error.message.hasPrefix($0.message) }?.help
        report(.syntax, location, "not valid YAML: \(error.message)", help)
    }

    /// An address that begins with a bracket is a list to YAML, and one that cannot be read.
    private static func addressRemedy(_ line: String, column: Int) -> String? {
        let start = line.index(line.startIndex, offsetBy: column, limitedBy: line.endIndex) ?? line.endIndex
        // The parser stops at the bracket or within it.
        guard let bracket = line[..<start].lastIndex(of: "[") ?? line[start...].firstIndex(of: "[") else { return nil }
        let word = line[bracket...].prefix { !$0.isWhitespace && !",}".contains($0) }
        return AddressText.endpoint(String(word)) == nil ? nil : "put the address in quotes: \"\(word)\""
    }

    /// What the parser's words usually mean.
    private static let remedies: [(message: String, help: String)] = [
        ("mapping values are not allowed", "begin a block on a new line, or put a value that contains ': ' in quotes"),
        ("did not find expected key", "the indentation does not fit the lines above"),
        ("did not find expected ',' or", "a bracket is not closed, or a comma is missing"),
        ("found unexpected end of stream", "the quote is not closed"),
        ("found character that cannot start any token", "put a value that begins with this character in quotes"),
    ]

    private mutating func report(
        _ code: Diagnostic.Code, _ location: SourceLocation, _ message: String, _ help: String?
    ) {
        // A hostile file can hold a problem in every other byte; nobody reads more than some.
        guard problems.count < LoadSession.maximumProblems * 2 else { return }
        problems.append(Problem(code: code, location: location, message: message, help: help))
    }

    private func place(_ event: YAMLEvent) -> SourceLocation {
        let isOneLine = event.start.line == event.end.line
        var length = isOneLine ? max(1, event.end.column - event.start.column) : 1
        switch event.kind {
        case .sequenceStart, .mappingStart: length = 1
        default: break
        }
        return shifted(line: event.start.line, column: event.start.column, length: length)
    }

    private func shifted(line: Int, column: Int, length: Int) -> SourceLocation {
        SourceLocation(
            file: origin.file,
            line: origin.line + line,
            column: column + (line == 0 ? origin.column : 1),
            length: length
        )
    }
}

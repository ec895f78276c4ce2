import CLibYAML

/// One event of libyaml with its place (0-based line and column, in characters).
struct YAMLEvent {
    enum Kind {
        case streamStart, streamEnd, documentStart, documentEnd
        case scalar(text: String, plain: Bool)
        case sequenceStart, sequenceEnd, mappingStart, mappingEnd
        case alias(name: String)
    }

    var kind: Kind
    var anchor: String?
    var tag: String?
    var start: (line: Int, column: Int)
    var end: (line: Int, column: Int)
}

/// What libyaml says when a text is not YAML.
struct YAMLSyntaxError: Error {
    var message: String
    var line: Int
    var column: Int
    /// The place in the bytes, for errors that come before lines are counted.
    var offset: Int?
}

/// libyaml's event stream over a buffer that must outlive it.
struct YAMLEvents: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        precondition(yaml_parser_initialize(parser) == 1, "out of memory")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    func next() throws(YAMLSyntaxError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw problem() }
        defer { yaml_event_delete(&event) }
        var result = YAMLEvent(
            kind: .streamEnd,
            start: (Int(event.start_mark.line), Int(event.start_mark.column)),
            end: (Int(event.end_mark.line), Int(event.end_mark.column))
        )
        switch event.type {
        case YAML_STREAM_START_EVENT: result.kind = .streamStart
        case YAML_DOCUMENT_START_EVENT: result.kind = .documentStart
        case YAML_DOCUMENT_END_EVENT: result.kind = .documentEnd
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            result.kind = .scalar(text: String(decoding: bytes, as: UTF8.self), plain: isPlain)
            result.anchor = text(scalar.anchor)
            result.tag = text(scalar.tag)
        case YAML_SEQUENCE_START_EVENT:
            result.kind = .sequenceStart
            result.anchor = text(event.data.sequence_start.anchor)
            result.tag = text(event.data.sequence_start.tag)
        case YAML_SEQUENCE_END_EVENT: result.kind = .sequenceEnd
        case YAML_MAPPING_START_EVENT:
            result.kind = .mappingStart
            result.anchor = text(event.data.mapping_start.anchor)
            result.tag = text(event.data.mapping_start.tag)
        case YAML_MAPPING_END_EVENT: result.kind = .mappingEnd
        case YAML_ALIAS_EVENT: result.kind = .alias(name: text(event.data.alias.anchor) ?? "")
        default: result.kind = .streamEnd
        }
        return result
    }

    private func text(_ pointer: UnsafeMutablePointer<UInt8>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func problem() -> YAMLSyntaxError {
        var message = parser.pointee.problem.map { String(cString: $0) } ?? "not YAML"
        var mark = parser.pointee.problem_mark
        if let context = parser.pointee.context {
            let start = parser.pointee.context_mark
            message += " " + String(cString: context)
            // The end of the file is where the reader noticed; the beginning of the value is where to look.
            if message.hasPrefix("found unexpected end of stream") { mark = start }
            if start.line != mark.line { message += " that begins on line \(start.line + 1)" }
        }
        let isReader = parser.pointee.error == YAML_READER_ERROR
        return YAMLSyntaxError(
            message: message,
            line: Int(mark.line),
            column: Int(mark.column),
            offset: isReader ? Int(parser.pointee.problem_offset) : nil
        )
    }
}

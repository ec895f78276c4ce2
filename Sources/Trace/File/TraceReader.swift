import Kernel

/// Reads a trace line by line: the header at once, then what follows, with never more than one line in memory.
package struct TraceReader {
    /// A line that is longer is refused (64 MiB; the longest message has 4 MiB, and hexadecimal doubles it).
    package static let maximumLine = 64 << 20

    /// One line of the file.
    package struct Line: Sendable {
        /// From 1.
        package let number: Int
        /// Without its line break.
        package let bytes: [UInt8]

        package init(number: Int, bytes: [UInt8]) {
            self.number = number
            self.bytes = bytes
        }

        package var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// Gives the next bytes of a file, none at its end.
    package typealias Source = () throws -> [UInt8]

    package private(set) var header: TraceHeader
    /// The last line, once it was read.
    package private(set) var end: TraceEnd?
    private var lines: LineReader
    /// Over every byte read so far.
    private var content = ByteDigest()

    /// - Throws: ``TraceError``, also for a source that fails.
    package init(_ source: @escaping Source) throws(TraceError) {
        lines = LineReader(source)
        guard let first = try lines.next() else {
            throw TraceError(.empty, line: 1, "the file is empty: a trace begins with a header")
        }
        header = try TraceHeader(try Self.tree(first, orElse: .notATrace), line: first.number)
        add(first)
    }

    private mutating func add(_ line: Line) {
        content.add(line.bytes)
        content.add(CollectionOfOne(0x0a))
    }

    /// The next record as it stands in the file; nil behind the last.
    package mutating func next() throws(TraceError) -> Line? {
        guard let line = try lines.next() else {
            guard end != nil else {
                throw TraceError(
                    .cutOff, line: lines.number,
                    "the trace is cut off here: whoever wrote it did not come to its end, or a part was lost"
                )
            }
            return nil
        }
        guard end == nil else {
            throw TraceError(.outOfPlace, line: line.number, "something stands behind the end of the trace")
        }
        guard line.bytes.starts(with: "{\"end\":".utf8) else {
            add(line)
            return line
        }
        self.end = try closing(line)
        return try next()
    }

    /// Reads what is left, to see whether it is what was written.
    package mutating func readToEnd() throws(TraceError) {
        while try next() != nil {}
    }

    private func closing(_ line: Line) throws(TraceError) -> TraceEnd {
        let fields = try FieldReader(try Self.tree(line), line: line.number, what: "the last line")
        let end = TraceEnd(
            records: try fields.number("records"),
            digest: try fields.optional("digest") { name throws(TraceError) in try fields.text(name) }
        )
        guard end.records == line.number - 2 else {
            throw TraceError(
                .cutOff, line: line.number,
                "the trace says that it has \(end.records) records and has \(line.number - 2): a part was lost"
            )
        }
        _ = try fields.text("check")
        guard end.line(closing: content).dropLast() == line.bytes[...] else {
            throw TraceError(
                .changed, line: line.number,
                "the check does not fit: a line of the trace was changed or damaged after it was written; "
                    + "copy the trace again, or record it anew"
            )
        }
        return end
    }

    /// What a line says, in the one form that this program writes. Spaces and the order of members do not count.
    package static func entry(_ line: Line) throws(TraceError) -> TraceEntry {
        let tree = try tree(line)
        let entry = try TraceEntry(tree, line: line.number)
        let written = entry.written
        guard let written, written != line.bytes else { return entry }
        try FieldReader(tree, line: line.number, what: "the record").check(isWrittenAs: written)
        return entry
    }

    package static func tree(_ line: Line) throws(TraceError) -> JSONTree { try tree(line, orElse: .notJSON) }

    private static func tree(_ line: Line, orElse code: TraceError.Code) throws(TraceError) -> JSONTree {
        do throws(JSONParser.Failure) {
            return try JSONParser.tree(line.bytes)
        } catch {
            throw TraceError(code, line: line.number, "column \(error.offset + 1): this is no JSON: \(error.message)")
        }
    }
}

/// Cuts bytes into lines.
private struct LineReader {
    private let source: TraceReader.Source
    private var buffer: [UInt8] = []
    private var start = 0
    private var isAtEnd = false
    /// Lines given so far.
    private(set) var number = 0

    init(_ source: @escaping TraceReader.Source) {
        self.source = source
    }

    /// The next line that ends with a line break; nil at the end of the file.
    mutating func next() throws(TraceError) -> TraceReader.Line? {
        var searched = start
        while true {
            if let lineBreak = breakPlace(from: searched) {
                number += 1
                let line = TraceReader.Line(number: number, bytes: Array(buffer[start..<lineBreak]))
                start = lineBreak + 1
                return line
            }
            buffer.removeFirst(start)
            start = 0
            searched = buffer.count
            guard searched <= TraceReader.maximumLine else {
                throw TraceError(
                    .tooLong, line: number + 1,
                    "the line is longer than \(TraceReader.maximumLine >> 20) MiB: no record of a trace is"
                )
            }
            guard try fill() else { break }
        }
        guard !buffer.isEmpty else { return nil }
        throw TraceError(.cutOff, line: number + 1, "the file ends in the middle of this line")
    }

    private func breakPlace(from place: Int) -> Int? {
        buffer.withUnsafeBufferPointer { bytes in
            for index in place..<bytes.count where bytes[index] == 0x0a { return index }
            return nil
        }
    }

    private mutating func fill() throws(TraceError) -> Bool {
        guard !isAtEnd else { return false }
        do {
            let more = try source()
            isAtEnd = more.isEmpty
            buffer += more
        } catch {
            throw TraceError(.unreadable, line: number + 1, "the file cannot be read on: \(error)")
        }
        return !isAtEnd
    }
}

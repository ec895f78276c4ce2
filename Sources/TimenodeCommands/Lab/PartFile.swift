import Foundation
import Kernel
import Lab
import SystemErrors

/// Files of parts: JSON whose first member is the SHA-256 of the same object without it.
enum PartFile {
    private static let head = Array(#"{"check":""#.utf8)

    static func write(_ part: ComparisonPart, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let content = Array(try encoder.encode(part))
        let check = "\(sha256Hex(content))\","
        let whole = head + check.utf8 + content.dropFirst() + "\n".utf8
        try Files.write(String(decoding: whole, as: UTF8.self), to: path)
    }

    /// The object without its check.
    ///
    /// - Throws: where the check is another.
    private static func content(of bytes: [UInt8], _ path: String) throws(CommandFailure) -> [UInt8] {
        let length = head.count + 64
        let told = bytes.dropFirst(head.count).prefix(64)
        let rest = bytes.dropFirst(length)
        var content = Array(rest.starts(with: "\",".utf8) ? rest.dropFirst(2) : rest)
        content.insert(UInt8(ascii: "{"), at: 0)
        if content.last == 0x0a { content.removeLast() }
        guard bytes.starts(with: head), sha256Hex(content).utf8.elementsEqual(told) else {
            throw CommandFailure(
                .usage, "\(path) is not a part of a comparison as it was written: its check does not fit",
                help: "Copy it again from where it was made, or make it again; a part is not meant to be edited."
            )
        }
        return content
    }

    static func read(_ path: String) throws(CommandFailure) -> ComparisonPart {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            let content = try content(of: Array(try Files.contents(of: path)), path)
            return try decoder.decode(ComparisonPart.self, from: Data(content))
        } catch let error as DecodingError {
            throw CommandFailure(
                .usage, "\(path) is not a part of a comparison: \(reason(error))",
                help: "A part is what 'timenode compare … --shard I/N --output part.json' writes.", cause: error
            )
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.failed, "cannot read \(path): \(SystemErrorText.of(error))", cause: error)
        }
    }

    /// Reads parts and joins them.
    static func merge(_ paths: [String]) throws(CommandFailure) -> MergedComparison {
        var parts: [(name: String, part: ComparisonPart)] = []
        for path in paths { parts.append((path, try read(path))) }
        do {
            return try MergedComparison(parts)
        } catch {
            throw CommandFailure(.usage, error.message, help: error.remedy, cause: error)
        }
    }

    private static func reason(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "'\(place(context.codingPath + [key]))' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "'\(place(context.codingPath))' is of another type"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty ? "it is not whole JSON" : "'\(place(context.codingPath))' cannot be"
        @unknown default: "\(error)"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        path.map { key in key.intValue.map { "\($0)" } ?? key.stringValue }.joined(separator: ".")
    }
}

import Foundation
import Lab

/// Files of parts.
enum PartFile {
    static func write(_ part: ComparisonPart, to path: String) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try Files.write(String(decoding: try encoder.encode(part), as: UTF8.self) + "\n", to: path)
    }

    static func read(_ path: String) throws(CommandFailure) -> ComparisonPart {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        do {
            return try decoder.decode(ComparisonPart.self, from: try Files.contents(of: path))
        } catch let error as DecodingError {
            throw CommandFailure(
                .usage, "\(path) is not a part of a comparison: \(reason(error))",
                help: "A part is what 'timenode compare … --shard I/N --output part.json' writes.", cause: error
            )
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw CommandFailure(.failed, "cannot read \(path): \(error.localizedDescription)", cause: error)
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

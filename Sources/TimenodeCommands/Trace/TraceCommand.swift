import ArgumentParser
import Profile
import Trace

/// `trace …`.
struct TraceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trace", abstract: "Look at traces.", subcommands: [TraceDiffCommand.self]
    )
}

/// `trace diff`: where two traces part.
struct TraceDiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Show the first difference of two traces.",
        discussion: """
            Compares what the runs were made from, then record by record. Exit status: 0 equal, 1 different, 64 a trace \
            cannot be read.
            """
    )

    @Argument(help: "A trace.", transform: PathText.expanded)
    var left: String

    @Argument(help: "Another one.", transform: PathText.expanded)
    var right: String

    @Option(help: "How many equal records to show before the first difference.")
    var context = 3

    @OptionGroup var output: FormatOption

    func validate() throws {
        guard (0...1_000).contains(context) else { throw ValidationError("--context takes 0 to 1000") }
    }

    func run() async throws {
        let scope = CommandScope.current
        var (first, second) = (try TraceFile.open(left), try TraceFile.open(right))
        let diff: TraceDiff
        do throws(TraceDiff.Failure) {
            diff = try TraceDiff(&first, &second, context: context)
        } catch {
            throw TraceFile.failure(error.error, in: error.isLeft ? left : right)
        }
        switch output.format {
        case .json: scope.console.print(Self.json(diff))
        case .text: scope.console.print(text(diff))
        }
        if !diff.isEqual { throw CommandFailure.silent(.failed) }
    }

    private func text(_ diff: TraceDiff) -> String {
        var lines: [String] = []
        for field in diff.headers + diff.remarks + diff.ends {
            lines.append("\(field.name):")
            lines.append("  \(left): \(TraceText.clipped(field.left))")
            lines.append("  \(right): \(TraceText.clipped(field.right))")
        }
        guard let divergence = diff.divergence else {
            lines.append("\(diff.equalRecords) records are equal")
            return lines.joined(separator: "\n")
        }
        if !lines.isEmpty { lines.append("") }
        lines.append("the first difference, after \(diff.equalRecords) equal records:")
        lines += diff.context.map { "  \(TraceText.clipped($0.text))" }
        lines.append("- \(Self.text(divergence.left, in: left))")
        lines.append("+ \(Self.text(divergence.right, in: right))")
        if let place = divergence.place {
            lines.append("at \(place.path): \(place.left ?? "nothing"), against \(place.right ?? "nothing")")
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ line: TraceReader.Line?, in path: String) -> String {
        line.map { "\(path):\($0.number): \(TraceText.clipped($0.text))" } ?? "\(path): nothing more"
    }

    private static func json(_ diff: TraceDiff) -> JSONValue {
        func fields(_ fields: [TraceDiff.Field]) -> JSONValue {
            .array(
                fields.map {
                    .object([
                        JSONMember("name", .string($0.name)), JSONMember("left", .string($0.left)),
                        JSONMember("right", .string($0.right)),
                    ])
                }
            )
        }
        func record(_ line: TraceReader.Line?) -> JSONValue {
            line.map {
                .object([JSONMember("line", .integer($0.number)), JSONMember("text", .string($0.text))])
            } ?? .null
        }
        var members = [
            JSONMember("equal", .boolean(diff.isEqual)), JSONMember("records", .integer(diff.equalRecords)),
            JSONMember("headers", fields(diff.headers)), JSONMember("remarks", fields(diff.remarks)),
            JSONMember("ends", fields(diff.ends)),
        ]
        if let divergence = diff.divergence {
            members.append(JSONMember("context", .array(diff.context.map { .string($0.text) })))
            members.append(JSONMember("left", record(divergence.left)))
            members.append(JSONMember("right", record(divergence.right)))
            members.append(JSONMember("path", divergence.place.map { .string($0.path) } ?? .null))
        }
        return .object(members)
    }
}

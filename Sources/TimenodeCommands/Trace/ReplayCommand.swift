import ArgumentParser
import Lab
import Profile
import Trace

/// `replay`: the nodes of a trace again, told the same.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Make the nodes of a trace again, tell them what they were told, and check what they do.",
        discussion: """
            The trace carries its profile. Exit status: 0 every effect is the recorded one; 1 one is not, and the first \
            of them is shown; 64 the trace cannot be read.
            """
    )

    @Argument(help: "A trace of 'simulate --trace' or of 'run --record'.", transform: PathText.expanded)
    var trace: String

    @Option(
        help: ArgumentHelp(
            "After every N inputs of a node, write it out and go on with one that is made from what was written.",
            valueName: "N"
        )
    )
    var resumeEvery: Int?

    @OptionGroup var output: FormatOption

    func validate() throws {
        if let resumeEvery, resumeEvery < 1 { throw ValidationError("--resume-every takes a number from 1 on") }
    }

    func run() async throws {
        let scope = CommandScope.current
        var reader = try TraceFile.open(trace)
        let result: ReplayResult
        do throws(TraceError) {
            var replay = try Replay(reader.header, registry: scope.registry)
            replay.resumeInterval = resumeEvery
            result = try replay.run(&reader)
        } catch {
            throw TraceFile.failure(error, in: trace)
        }
        switch output.format {
        case .json: scope.console.print(Self.json(result))
        case .text: scope.console.print(text(result))
        }
        if !result.isEqual { throw CommandFailure.silent(.failed) }
    }

    private func text(_ result: ReplayResult) -> String {
        guard let divergence = result.divergence else {
            let counts = "\(result.records) records with \(result.inputs) inputs"
            guard result.isEqual else {
                return """
                    digest   \(result.digest)
                    \(counts) replay to the same effects, yet the trace says that its digest is \
                    \(result.recordedDigest ?? ""): the trace was changed, or another program computed it
                    """
            }
            return "digest   \(result.digest)\n\(counts) replay to the same effects"
        }
        var lines = [
            "diverges at \(trace):\(divergence.line), at \(TraceText.seconds(divergence.time)) s, "
                + "node \(divergence.node)"
        ]
        if let detail = divergence.detail { lines.append("  \(detail)") }
        if let input = divergence.input { lines.append("  after     \(TraceText.clipped(input))") }
        lines.append("  recorded  \(TraceText.clipped(divergence.expected ?? "nothing more"))")
        lines.append("  now       \(TraceText.clipped(divergence.actual ?? "nothing more"))")
        lines.append("\(result.records) records before it replay to the same effects")
        return lines.joined(separator: "\n")
    }

    private static func json(_ result: ReplayResult) -> JSONValue {
        var members = [
            JSONMember("equal", .boolean(result.isEqual)), JSONMember("records", .integer(result.records)),
            JSONMember("inputs", .integer(result.inputs)),
        ]
        // Of a part of the trace it would be the digest of nothing.
        if result.divergence == nil { members.append(JSONMember("digest", .string(result.digest))) }
        if let digest = result.recordedDigest { members.append(JSONMember("recorded_digest", .string(digest))) }
        if let divergence = result.divergence {
            members.append(
                JSONMember(
                    "divergence",
                    .object([
                        JSONMember("line", .integer(divergence.line)),
                        JSONMember("time_ns", .integer(Int(divergence.time))),
                        JSONMember("node", .string(divergence.node)),
                        JSONMember("detail", divergence.detail.map { .string($0) } ?? .null),
                        JSONMember("input", divergence.input.map { .string($0) } ?? .null),
                        JSONMember("expected", divergence.expected.map { .string($0) } ?? .null),
                        JSONMember("actual", divergence.actual.map { .string($0) } ?? .null),
                    ])
                )
            )
        }
        return .object(members)
    }
}

/// Records in texts for people.
enum TraceText {
    /// Seconds with the nanoseconds behind the point.
    static func seconds(_ nanoseconds: Int64) -> String {
        let rest = String(nanoseconds % 1_000_000_000)
        return "\(nanoseconds / 1_000_000_000)." + String(repeating: "0", count: max(0, 9 - rest.count)) + rest
    }

    /// A line without the end that nobody reads: a record can be as long as a block.
    static func clipped(_ line: String) -> String {
        line.utf8.count <= 1_000 ? line : "\(line.prefix(1_000))… (\(line.utf8.count) bytes)"
    }
}

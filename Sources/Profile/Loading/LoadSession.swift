/// The state of one run of a loader: the texts that were read and the problems that were found.
final class LoadSession {
    /// More are not shown: nobody reads them, and a hostile file can hold a great many.
    static let maximumProblems = 100

    let environment: [String: String]
    let overrides: [String]
    private(set) var sources: [SourceText] = []
    private var problems: [Problem] = []
    private var unshown = 0

    private struct Problem {
        var diagnostic: Diagnostic
        var isSecret: Bool
    }

    init(environment: [String: String], overrides: [String] = []) {
        self.environment = environment
        self.overrides = overrides
    }

    /// How many texts were read, the same one each time it was.
    var readCount = 0

    /// A part of the document could not be read: what seems to be missing may be there.
    var isIncomplete = false

    /// Whether an error was found so far.
    private(set) var hasErrors = false

    func add(_ source: SourceText) {
        if !sources.contains(where: { $0.name == source.name }) { sources.append(source) }
    }

    func source(_ name: String) -> SourceText? {
        sources.first { $0.name == name }
    }

    func error(
        _ code: Diagnostic.Code, _ location: SourceLocation?, _ message: String, help: String? = nil,
        isSecret: Bool = false
    ) {
        hasErrors = true
        append(.error, code, location, message, help, isSecret)
    }

    func warning(_ code: Diagnostic.Code, _ location: SourceLocation?, _ message: String, help: String? = nil) {
        append(.warning, code, location, message, help, false)
    }

    private func append(
        _ severity: Diagnostic.Severity, _ code: Diagnostic.Code, _ location: SourceLocation?, _ message: String,
        _ help: String?, _ isSecret: Bool
    ) {
        guard problems.count < LoadSession.maximumProblems * 10 else {
            unshown += 1
            return
        }
        let diagnostic = Diagnostic(
            severity: severity, code: code, location: location, message: message, help: help
        )
        problems.append(Problem(diagnostic: diagnostic, isSecret: isSecret))
    }

    /// The line of the source at a place; of an override, only the one text. A line that nobody can read is left out.
    func snippet(at location: SourceLocation) -> String? {
        if location.isOverride {
            return overrides.indices.contains(location.line - 1) ? overrides[location.line - 1] : nil
        }
        return source(location.file)?.line(location.line)
    }

    /// Where a value that stands at `location` came from.
    func provenance(_ location: SourceLocation, environment name: String?) -> Provenance {
        if location.isOverride, overrides.indices.contains(location.line - 1) {
            return .override(overrides[location.line - 1])
        }
        return name.map { .environment(name: $0, location) } ?? .file(location)
    }

    /// A path as it is meant by the file that states it, `~` expanded.
    func resolve(_ path: String, statedIn file: String) throws(HomePath.Problem) -> String {
        let path = try HomePath.expanded(path, environment: environment)
        return ProfileFileSystem.join(folder: source(file)?.folder ?? "", path)
    }

    /// All problems in the order file, line, column.
    func diagnostics() -> [Diagnostic] {
        let names = sources.map(\.name)
        let rank = { (diagnostic: Diagnostic) -> (Int, Int, Int) in
            guard let location = diagnostic.location else { return (-1, 0, 0) }
            let file = names.firstIndex(of: location.file) ?? (location.isOverride ? names.count + 1 : names.count)
            return (file, location.line, location.column)
        }
        let keyed = problems.map { (rank: rank($0.diagnostic), problem: $0) }.enumerated()
        let sorted = keyed.sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        let limit = LoadSession.maximumProblems
        var result = sorted.prefix(limit).map { _, element in
            var diagnostic = element.problem.diagnostic
            if !element.problem.isSecret { diagnostic.snippet = diagnostic.location.flatMap { snippet(at: $0) } }
            return diagnostic
        }
        if sorted.count > limit {
            let more = sorted.count - limit + unshown
            let last = result.last?.location
            result.append(
                Diagnostic(
                    severity: .error, code: .tooMany, location: last.map { .wholeFile($0.file) },
                    message: "\(more) more problems are not shown"
                )
            )
        }
        return result
    }
}

private func < (left: ((Int, Int, Int), Int), right: ((Int, Int, Int), Int)) -> Bool {
    left.0 == right.0 ? left.1 < right.1 : left.0 < right.0
}

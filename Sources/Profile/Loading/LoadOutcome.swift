/// What came of loading a document: a value, or the reasons why there is none; warnings come with both.
public struct LoadOutcome<Value> {
    /// Absent if any diagnostic is an error.
    public let value: Value?
    /// Every problem of the run, in the order file, line, column (files in the order in which they were read).
    public let diagnostics: [Diagnostic]

    public init(value: Value?, diagnostics: [Diagnostic]) {
        self.value = diagnostics.contains { $0.severity == .error } ? nil : value
        self.diagnostics = diagnostics
    }

    public var errorCount: Int { diagnostics.count { $0.severity == .error } }
    public var warningCount: Int { diagnostics.count { $0.severity == .warning } }

    /// `2 problems (1 error, 1 warning). Nothing was started.`; empty if there is nothing to say.
    public func summaryLine() -> String {
        let total = diagnostics.count
        guard total > 0 else { return "" }
        var parts: [String] = []
        if errorCount > 0 { parts.append("\(errorCount) error\(errorCount == 1 ? "" : "s")") }
        if warningCount > 0 { parts.append("\(warningCount) warning\(warningCount == 1 ? "" : "s")") }
        let tail = errorCount > 0 ? " Nothing was started." : ""
        return "\(total) problem\(total == 1 ? "" : "s") (\(parts.joined(separator: ", "))).\(tail)"
    }

    /// All diagnostics and the summary line as people read them, ending in a line break; empty if there are none.
    public func renderedDiagnostics() -> String {
        guard !diagnostics.isEmpty else { return "" }
        return diagnostics.map { $0.render() + "\n" }.joined() + summaryLine() + "\n"
    }

    /// All diagnostics for programs: `{"errors":N,"warnings":N,"diagnostics":[…]}`.
    public var jsonObject: JSONValue {
        .object([
            JSONMember("errors", .integer(errorCount)),
            JSONMember("warnings", .integer(warningCount)),
            JSONMember("diagnostics", .array(diagnostics.map(\.jsonObject))),
        ])
    }

    /// The same diagnostics with another value; `transform` is not called where there is none.
    public func map<Other>(_ transform: (Value) -> Other?) -> LoadOutcome<Other> {
        LoadOutcome<Other>(value: value.flatMap(transform), diagnostics: diagnostics)
    }
}

/// Why a document has no value: every problem, as people read it.
public struct LoadFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// All diagnostics and the summary line.
    public let description: String
}

extension LoadOutcome {
    /// The value, for programs that go no further without one.
    ///
    /// - Throws: ``LoadFailure`` with every problem.
    public func required() throws(LoadFailure) -> Value {
        guard let value else { throw LoadFailure(description: renderedDiagnostics()) }
        return value
    }
}

extension LoadOutcome: Sendable where Value: Sendable {}

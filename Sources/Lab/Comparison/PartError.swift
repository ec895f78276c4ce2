/// Why parts of a comparison cannot be joined.
public struct PartError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The machine-readable cause.
    public enum Code: String, Sendable, Hashable {
        case noParts = "no-parts"
        case otherForm = "other-form"
        case otherProgram = "other-program"
        case otherScenario = "other-scenario"
        case otherProfiles = "other-profiles"
        case otherSeeds = "other-seeds"
        case otherDivision = "other-division"
        case partTwice = "part-twice"
        case partMissing = "part-missing"
        case wrongRuns = "wrong-runs"
        case wrongFigures = "wrong-figures"
        case unknownMetric = "unknown-metric"
    }

    /// The cause.
    public var code: Code
    /// What is wrong, and with which part.
    public var message: String
    /// What to do about it.
    public var remedy: String

    /// The message; the code is for programs.
    public var description: String { message }

    init(_ code: Code, _ message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }
}

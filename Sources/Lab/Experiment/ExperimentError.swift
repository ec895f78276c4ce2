/// Why an experiment cannot be made.
public struct ExperimentError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The machine-readable cause.
    public enum Code: String, Sendable, Hashable {
        case malformedVariation = "malformed-variation"
        case noProfiles = "no-profiles"
        case noSeeds = "no-seeds"
        case duplicateProfile = "duplicate-profile"
        case emptyShard = "empty-shard"
        case nothingFinished = "nothing-finished"
    }

    /// The cause.
    public let code: Code
    /// What is wrong.
    public let message: String
    /// What to do about it.
    public let help: String

    init(_ code: Code, _ message: String, help: String) {
        self.code = code
        self.message = message
        self.help = help
    }

    /// What is wrong and what to do.
    public var description: String { "\(message). \(help)" }
}

/// Why runs cannot be compared.
public struct ComparisonError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The machine-readable cause.
    public enum Code: String, Sendable, Hashable {
        case noProfiles = "no-profiles"
        case noRuns = "no-runs"
        case duplicateProfile = "duplicate-profile"
        case duplicateSeed = "duplicate-seed"
        case differentSeeds = "different-seeds"
        case unknownReference = "unknown-reference"
    }

    /// The cause.
    public var code: Code
    /// What is wrong and what to do about it.
    public var message: String

    /// Makes an error from its cause and message.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// The message; the code is for programs.
    public var description: String { message }
}

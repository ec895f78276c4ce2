/// Why nothing can be learnt from what was measured.
public struct MeasurementError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        case noSamples = "no-samples"
        case anotherNetwork = "another-network"
        case tooFewHosts = "too-few-hosts"
    }

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

    public var description: String { message }
}

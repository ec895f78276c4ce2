/// Why a command did not do what it was asked for, as the person who gave it reads it.
struct CommandFailure: Error, CustomStringConvertible {
    /// What kind of failure it is; it decides the exit status.
    enum Code: String, Sendable {
        case failed
        case unknown
        case usage

        /// 1, 2, or 64 (`EX_USAGE`).
        var exitStatus: Int32 {
            switch self {
            case .failed: 1
            case .unknown: 2
            case .usage: 64
            }
        }
    }

    let code: Code
    /// What is wrong.
    let message: String
    /// What to do about it.
    let help: String?
    /// What caused it.
    let cause: (any Error)?

    init(_ code: Code, _ message: String, help: String? = nil, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.help = help
        self.cause = cause
    }

    /// Everything was said already; only the exit status is left.
    static func silent(_ code: Code) -> CommandFailure { CommandFailure(code, "") }

    var description: String { message }

    /// What goes to stderr.
    var rendered: String {
        if message.isEmpty { return "" }
        return "error: \(message)\n" + (help.map { $0 + "\n" } ?? "")
    }
}

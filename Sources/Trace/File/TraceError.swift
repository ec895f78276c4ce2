/// Why a trace cannot be read, or cannot be replayed.
package struct TraceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of problem it is.
    package enum Code: String, Sendable {
        case empty
        case notATrace = "not-a-trace"
        case otherFormat = "other-format"
        case notJSON = "not-json"
        case unknownKind = "unknown-kind"
        case badField = "bad-field"
        /// A number that no run can have, or that nothing can be computed from.
        case outOfRange = "out-of-range"
        /// The same thing is said in another way than this program says it, or is said twice.
        case otherForm = "other-form"
        /// What is read is not what was written.
        case changed
        case outOfPlace = "out-of-place"
        case cutOff = "cut-off"
        case tooLong = "too-long"
        /// This program cannot build the node that the trace is of.
        case cannotBuild = "cannot-build"
        /// The system does not give the bytes.
        case unreadable
    }

    package let code: Code
    /// From 1.
    package let line: Int
    /// What is wrong and what to do.
    package let message: String

    package init(_ code: Code, line: Int, _ message: String) {
        self.code = code
        self.line = line
        self.message = message
    }

    /// `12: error: …`, to be put behind the file's name and a colon.
    package var description: String { "\(line): error: \(message)" }
}

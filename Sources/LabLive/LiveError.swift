/// Why something on the real machine did not go as an experiment needs it.
package struct LiveError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of problem it is.
    package enum Code: String, Sendable, Hashable {
        /// A program could not be started, or ended with another status than 0.
        case toolFailed = "tool-failed"
        /// A file of the experiment could not be written or read.
        case fileFailed = "file-failed"
        /// A node ended before it was asked to.
        case nodeEnded = "node-ended"
        /// What was waited for did not come.
        case timedOut = "timed-out"
        /// A scenario or a profile is not what the experiment can run.
        case badCase = "bad-case"
    }

    package let code: Code
    /// What happened, with the program's own words where it has any.
    package let message: String

    package init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    package var description: String { message }
}

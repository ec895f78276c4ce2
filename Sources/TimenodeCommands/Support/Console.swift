import Foundation

/// Where results and diagnostics go: results to stdout, diagnostics to stderr.
struct Console: Sendable {
    /// Writes a text as it is to stdout.
    var write: @Sendable (String) -> Void
    /// Writes a text as it is to stderr.
    var writeError: @Sendable (String) -> Void
    /// Writes whole lines of a node's log to stderr, however long the reader takes; false where nobody reads any more.
    var writeLog: @Sendable (String) -> Bool = { _ in true }
    /// Whether a person watches stdout: then a table may be redrawn.
    var isTerminal: Bool
    /// Whether `NO_COLOR` is unset and a person watches.
    var showsColour: Bool

    /// A result, with a line break behind it where it has none.
    func print(_ text: String) { write(text.hasSuffix("\n") ? text : text + "\n") }

    /// A diagnostic, with a line break behind it where it has none.
    func error(_ text: String) {
        if !text.isEmpty { writeError(text.hasSuffix("\n") ? text : text + "\n") }
    }

    /// The console of the process.
    static let standard: Console = {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let noColour = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return Console(
            write: { writeAll($0, to: STDOUT_FILENO) }, writeError: { StandardError.write($0, within: .seconds(2)) },
            writeLog: { StandardError.write($0) }, isTerminal: isTerminal, showsColour: isTerminal && !noColour
        )
    }()

    /// A console that nobody reads.
    static let silent = Console(write: { _ in }, writeError: { _ in }, isTerminal: false, showsColour: false)

    /// `text` in red where colour is shown.
    func red(_ text: String) -> String { showsColour ? "\u{1B}[31m\(text)\u{1B}[0m" : text }

    /// `text` in green where colour is shown.
    func green(_ text: String) -> String { showsColour ? "\u{1B}[32m\(text)\u{1B}[0m" : text }
}

/// Writes all of `text`; what a reader that went away does not take is lost.
func writeAll(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { buffer in
        var rest = UnsafeRawBufferPointer(buffer)
        while !rest.isEmpty {
            let count = write(descriptor, rest.baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                return
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }
}

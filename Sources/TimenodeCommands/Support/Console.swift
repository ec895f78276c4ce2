import Foundation
import Synchronization

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
    /// Whether a line on stderr may be redrawn to show how far long work is.
    var showsProgress = false
    /// Why stdout did not take everything: the `errno` of the first write that failed; nil where it took all.
    var lostOutput: @Sendable () -> Int32? = { nil }

    /// Whether the program that read stdout has ended.
    var hasLostReader: Bool { lostOutput() == EPIPE }

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
        let lost = LostOutput()
        return Console(
            write: { text in
                // After one failure the rest would be a result with a hole in it.
                guard lost.code == nil else { return }
                if let code = writeAll(text, to: STDOUT_FILENO) { lost.note(code) }
            },
            writeError: { StandardError.write($0, within: .seconds(2)) },
            writeLog: { StandardError.write($0) },
            isTerminal: isTerminal, showsColour: isTerminal && !noColour,
            // In front of a pager, progress would be drawn over the pager's page.
            showsProgress: isatty(STDERR_FILENO) == 1 && !isPipe(STDOUT_FILENO),
            lostOutput: { lost.code }
        )
    }()

    /// A console that nobody reads.
    static let silent = Console(write: { _ in }, writeError: { _ in }, isTerminal: false, showsColour: false)

    /// `text` in red where colour is shown.
    func red(_ text: String) -> String { showsColour ? "\u{1B}[31m\(text)\u{1B}[0m" : text }

    /// `text` in green where colour is shown.
    func green(_ text: String) -> String { showsColour ? "\u{1B}[32m\(text)\u{1B}[0m" : text }

    private static func isPipe(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }
}

/// The first write to stdout that failed.
private final class LostOutput: Sendable {
    private let first = Mutex<Int32?>(nil)

    var code: Int32? { first.withLock { $0 } }

    func note(_ code: Int32) { first.withLock { $0 = $0 ?? code } }
}

/// Writes all of `text`.
///
/// - Returns: the `errno` of the write that failed; nil where all was taken.
func writeAll(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { Files.writeAll(UnsafeRawBufferPointer($0), to: descriptor) }
}

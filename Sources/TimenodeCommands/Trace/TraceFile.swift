import Foundation
import SystemErrors
import Trace

/// Opens traces for commands.
enum TraceFile {
    private static let chunk = 1 << 18

    /// A reader that stands behind the header; the path may name a pipe.
    static func open(_ path: String) throws(CommandFailure) -> TraceReader {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw CommandFailure(.usage, "cannot read the trace \(path): \(SystemErrorText.words(errno))")
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do throws(TraceError) {
            return try TraceReader { [UInt8](try file.read(upToCount: chunk) ?? Data()) }
        } catch {
            throw failure(error, in: path)
        }
    }

    /// A trace that cannot be read, with its place: exit status 64.
    static func failure(_ error: TraceError, in path: String) -> CommandFailure {
        CommandFailure(.usage, "\(path):\(error.line): \(error.message)", cause: error)
    }
}

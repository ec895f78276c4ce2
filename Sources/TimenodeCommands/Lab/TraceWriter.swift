import Foundation
import Lab

/// Writes a trace file through a buffer.
final class TraceWriter {
    private let path: String
    private let file: FileHandle
    private var buffer = ""
    private var failure: CommandFailure?

    init(_ path: String) throws(CommandFailure) {
        self.path = path
        // Opened and emptied, not replaced: the path may name a pipe or a device.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure(.failed, "cannot write the trace \(path): \(String(cString: strerror(errno)))")
        }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    func write(_ line: String) {
        guard failure == nil else { return }
        buffer += line
        buffer += "\n"
        if buffer.utf8.count > 1 << 20 { flush() }
    }

    /// Writes what is left.
    /// - Throws: the first failure of the file, after which nothing more was kept.
    func finish() throws(CommandFailure) {
        flush()
        if let failure { throw failure }
    }

    private func flush() {
        do {
            try file.write(contentsOf: Data(buffer.utf8))
        } catch {
            failure = failure ?? CommandFailure(.failed, "cannot write the trace \(path): \(error)", cause: error)
        }
        buffer = ""
    }
}

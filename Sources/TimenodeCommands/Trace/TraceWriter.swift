import Foundation
import Kernel
import Lab
import SystemErrors
import Trace

/// Writes a trace file through a buffer.
final class TraceWriter {
    private let path: String
    private let file: FileHandle
    private var lines = LineWriter()
    private var records = 0
    /// Over every byte that was written.
    private var content = ByteDigest()
    private var failure: CommandFailure?

    init(_ path: String) throws(CommandFailure) {
        self.path = path
        // Opened and emptied, not replaced: the path may name a pipe or a device.
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure(.failed, "cannot write the trace \(path): \(SystemErrorText.words(errno))")
        }
        file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// The first line.
    func begin(_ header: TraceHeader) {
        header.write(to: &lines)
        lines.endLine()
    }

    func write(_ record: TraceRecord) {
        guard failure == nil else { return }
        record.write(to: &lines)
        lines.endLine()
        records += 1
        if lines.bytes.count > 1 << 20 { flush() }
    }

    /// Writes the last line and what is left.
    /// - Throws: the first failure of the file, after which nothing more was kept.
    func finish(digest: String) throws(CommandFailure) {
        flush()
        write(TraceEnd(records: records, digest: digest).line(closing: content))
        if let failure { throw failure }
    }

    private func flush() {
        content.add(lines.bytes)
        write(lines.bytes)
        lines.clear()
    }

    private func write(_ bytes: [UInt8]) {
        guard failure == nil else { return }
        do {
            try file.write(contentsOf: Data(bytes))
        } catch {
            failure = CommandFailure(.failed, "cannot write the trace \(path): \(error)", cause: error)
        }
    }
}

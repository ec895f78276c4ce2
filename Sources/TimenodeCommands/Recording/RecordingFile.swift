import Foundation
import Logging
import Synchronization

/// Where a recorder's trace goes: one file, replaced as a whole, that only its owner reads.
final class RecordingFile: Sendable {
    let path: String
    private let recorder: FlightRecorder
    private let logger: Logger
    /// One writer at a time.
    private let turn = Mutex(())

    /// - Throws: where the file is there and no trace: a profile, say, whose name was taken for this one.
    init(_ path: String, recorder: FlightRecorder, logger: Logger) throws(CommandFailure) {
        self.path = path
        self.recorder = recorder
        self.logger = logger
        guard Files.exists(path) else { return }
        let start = try Self.start(of: path)
        guard start == Data(#"{"trace":"#.utf8) else {
            throw CommandFailure(
                .usage, "--record would replace \(path), which is no trace",
                help: "Name another file, or write '--record' behind the profile for the one in the data directory."
            )
        }
    }

    private static func start(of path: String) throws(CommandFailure) -> Data {
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            return try file.read(upToCount: 9) ?? Data()
        } catch {
            throw CommandFailure(
                .failed, "--record would replace \(path), which cannot be read to see whether it is a trace",
                help: "Name another file, or make this one readable.", cause: error
            )
        }
    }

    /// Writes what is recorded, and says so in the log; a failure is in the log too, for the node goes on.
    ///
    /// - Returns: whether the file has everything that was to be recorded.
    @discardableResult func write() -> Bool {
        turn.withLock { _ in
            let problem = recorder.problem
            if let problem { logger.error("Nothing more is recorded: \(problem)") }
            guard let trace = recorder.trace() else { return problem == nil }
            do throws(CommandFailure) {
                try Files.replaceSecret(trace.pieces, at: path)
                logger.notice("Wrote a trace with \(trace.records) records to \(path)")
                return problem == nil
            } catch {
                logger.error("\(error)")
                return false
            }
        }
    }
}

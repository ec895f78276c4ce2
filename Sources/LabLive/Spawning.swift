import Foundation
import Synchronization
import SystemErrors

/// Starts child processes one at a time.
///
/// A pipe that comes into being while another child is being started would be inherited by that child, and its reader
/// would wait for the wrong process to end. So pipes are made, and handed over, under one lock.
enum Spawning {
    private static let lock = Mutex(())

    /// Makes the pipes and starts the process.
    ///
    /// - Parameter prepare: makes the pipes and tells the process about them; what it returns is returned.
    static func start<Pipes>(_ process: Process, _ prepare: () -> Pipes) throws(LiveError) -> Pipes {
        let result = lock.withLock { _ -> Result<Pipes, LiveError> in
            let pipes = prepare()
            do {
                try process.run()
                return .success(pipes)
            } catch {
                let command = [process.executableURL?.path ?? ""] + (process.arguments ?? [])
                return .failure(
                    LiveError(
                        .toolFailed,
                        "cannot start '\(command.joined(separator: " "))': \(SystemErrorText.of(error))"
                    )
                )
            }
        }
        return try result.get()
    }
}

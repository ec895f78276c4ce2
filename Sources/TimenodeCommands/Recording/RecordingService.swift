import Logging
import ServiceLifecycle
import UnixSignals

/// Writes the trace whenever SIGUSR1 comes. Where nothing is recorded, the signal has an answer too: without one it would
/// end the process.
struct RecordingService: Service {
    /// Nil where nothing is recorded.
    let file: RecordingFile?
    let logger: Logger

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigusr1)
        for await _ in signals.cancelOnGracefulShutdown() {
            if let file {
                file.write()
            } else {
                logger.warning(
                    "SIGUSR1: nothing is recorded, so there is no trace to write; start the node with '--record'"
                )
            }
        }
    }
}

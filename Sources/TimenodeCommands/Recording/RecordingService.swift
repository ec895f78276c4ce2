import ServiceLifecycle
import UnixSignals

/// Writes the trace whenever SIGUSR1 comes.
struct RecordingService: Service {
    let file: RecordingFile

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sigusr1)
        for await _ in signals.cancelOnGracefulShutdown() { file.write() }
    }
}

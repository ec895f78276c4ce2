import ServiceLifecycle
import UnixSignals

/// Reloads the node whenever SIGHUP comes.
struct ReloadService: Service {
    /// Makes what reloads; it is confined to this service.
    let makeReloader: @Sendable () -> NodeReloader

    func run() async throws {
        let reloader = makeReloader()
        let signals = await UnixSignalsSequence(trapping: .sighup)
        for await _ in signals.cancelOnGracefulShutdown() { await reloader.reload() }
    }
}

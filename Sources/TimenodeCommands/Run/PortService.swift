import Kernel
import Logging
import ServiceLifecycle
import Synchronization
import SystemErrors
import Wire

/// Keeps one rpc module's service running: what ends by itself is made and started again, ever later, while the node goes
/// on. Only a service that cannot begin keeps the node from starting.
struct PortService: Service {
    static let shortestPause = Duration.milliseconds(250)
    static let longestPause = Duration.seconds(30)

    let port: RPCPort
    let node: any NodeAPI
    let logger: Logger
    /// Waits before a service is started again; the time is a parameter so that a test need not wait.
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    func run() async throws {
        // Ports know cancellation only, so that they need no library for a graceful shutdown.
        try await cancelWhenGracefulShutdown { try await keepRunning() }
    }

    private func keepRunning() async throws {
        let bound = Bound()
        var pause = Self.shortestPause
        while !Task.isCancelled {
            let startsBefore = bound.starts
            var problem = "it ended by itself"
            do {
                try await start(bound)
            } catch {
                // Nothing was ever served: the profile is wrong, or the address is taken.
                guard bound.starts > 0 || Task.isCancelled else { throw error }
                problem = SystemErrorText.of(error)
            }
            if Task.isCancelled { return }
            // Where it has served since, the trouble is a new one.
            pause = bound.starts > startsBefore ? Self.shortestPause : min(pause * 2, Self.longestPause)
            logger.error("rpc '\(port.module)': \(problem); starting it again in \(pause.formatted)")
            do { try await sleep(pause) } catch { return }
        }
    }

    private func start(_ bound: Bound) async throws {
        // A port that the system chose is kept, since that is where clients ask.
        let setting = RPCSetting(listen: bound.endpoint ?? port.listen, logger: logger) { bound.note($0) }
        try await port.makeService(node, setting).run()
    }

    /// Where the service has listened.
    private final class Bound: Sendable {
        private let state = Mutex((starts: 0, endpoint: Endpoint?.none))

        var starts: Int { state.withLock { $0.starts } }
        var endpoint: Endpoint? { state.withLock { $0.endpoint } }

        func note(_ endpoint: Endpoint?) {
            state.withLock { state in
                state.starts += 1
                state.endpoint = endpoint ?? state.endpoint
            }
        }
    }
}

extension Duration {
    /// `250 ms` or `4 s`.
    fileprivate var formatted: String {
        self < .seconds(1) ? "\(nanoseconds / 1_000_000) ms" : "\(components.seconds) s"
    }
}

import Foundation
import Kernel
import Logging
import ServiceLifecycle
import Transport

/// A host as a service: starts, waits for the graceful shutdown, says goodbye to its peers.
struct NodeService: Service {
    let host: NodeHost
    let logger: Logger
    let events: EventOutput?

    func run() async throws {
        let endpoint = try await host.start()
        logger.info("Listening on \(endpoint)")
        events?.listens(on: endpoint)
        // A cancelled task ends the same way, only sooner.
        try? await gracefulShutdown()
        logger.info("Stopping: saying goodbye to peers")
        await host.shutdown()
    }
}

/// Ends the group when stdin ends: a node that a testnet started does not outlive it.
struct StandardInputWatch: Service {
    func run() async throws {
        let ended = AsyncStream<Void> { continuation in
            let thread = Thread {
                var byte: UInt8 = 0
                while true {
                    let count = read(STDIN_FILENO, &byte, 1)
                    if count == 0 || (count < 0 && errno != EINTR) { break }
                }
                continuation.finish()
            }
            thread.stackSize = 256 * 1_024
            thread.start()
        }
        await withGracefulShutdownHandler {
            for await _ in ended.cancelOnGracefulShutdown() {}
        } onGracefulShutdown: {
        }
    }
}

import Hummingbird
import HummingbirdCore
import Kernel
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization
import Wire

/// Serves a node's published status over HTTP/1.1: a service that stops gracefully.
///
/// It never touches the node: each answer is made from the value that ``NodeAPI/status(_:)`` returns.
public struct HTTPServer: Service, RPCService {
    /// The name of this module in a profile.
    public static let id = "http"

    private let listen: Endpoint
    private let allowedHosts: [String]
    private let node: any NodeAPI
    private let logger: Logger
    private let onRunning: @Sendable (Endpoint?) async -> Void
    /// Told of the listening socket before anybody else is.
    var onListening: @Sendable (any NIOCore.Channel) async -> Void = { _ in }

    /// A server that starts with `run`, at the setting's address where that has one.
    public init(_ options: HTTPServerOptions, node: any NodeAPI, setting: RPCSetting) {
        self.listen = setting.listen ?? options.listen
        self.allowedHosts = options.allowedHosts
        self.node = node
        self.logger = setting.logger
        self.onRunning = setting.onRunning
    }

    /// Serves until the graceful shutdown or the task's cancellation, which is a graceful shutdown as well: requests that
    /// are under way are answered, and clients without one are let go.
    ///
    /// - Throws: ``HTTPServerError`` when the address cannot be listened on, or when the listening socket is lost.
    public func run() async throws {
        let room = ConnectionRoom()
        let ending = Ending()
        // A server of Hummingbird's whose own task is cancelled drops connections that it has taken in and not begun to
        // serve, and SwiftNIO ends the process over those. So it runs in a task that nobody cancels.
        let service = ServiceGroupConfiguration.ServiceConfiguration(
            service: application(room, ending), successTerminationBehavior: .gracefullyShutdownGroup
        )
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [service], logger: quiet))
        let running = Task { try await group.run() }
        let stop: @Sendable () -> Void = {
            ending.want()
            Task { await group.triggerGracefulShutdown() }
        }
        do {
            try await withTaskCancellationHandler {
                try await withGracefulShutdownHandler {
                    try await running.value
                } onGracefulShutdown: {
                    stop()
                }
            } onCancel: {
                stop()
            }
        } catch let error as IOError {
            throw HTTPServerError(error, at: listen)
        } catch  where ending.wasListenerLost {
            throw HTTPServerError.listenerLost(listen)
        }
        if ending.wasListenerLost { throw HTTPServerError.listenerLost(listen) }
    }

    /// Whether the server was told to end, which tells its end from a lost listening socket.
    private final class Ending: Sendable {
        private let state = Mutex((isWanted: false, isListenerLost: false))

        var wasListenerLost: Bool { state.withLock { $0.isListenerLost } }

        func want() { state.withLock { $0.isWanted = true } }

        /// - Returns: whether nobody wanted that.
        func listenerClosed() -> Bool {
            state.withLock { state in
                state.isListenerLost = !state.isWanted
                return state.isListenerLost
            }
        }
    }

    /// Hummingbird tells of every connection and of its own start; the node's log says it once, in its own words.
    private var quiet: Logger {
        var quiet = logger
        quiet.logLevel = .critical
        return quiet
    }

    private func application(_ room: ConnectionRoom, _ ending: Ending) -> some ApplicationProtocol {
        let judge = RequestJudge(hosts: AllowedHosts(allowedHosts, listen: listen.ip))
        return Application(
            responder: StatusResponder(node: node),
            server: HTTPServerBuilder { NodeHTTPChannel(responder: $0, judge: judge, room: room) },
            configuration: ApplicationConfiguration(
                address: .hostname(listen.ip.description, port: Int(listen.port)), serverName: nil
            ),
            onServerRunning: { [logger, listen, onRunning, onListening] channel in
                do {
                    try await AcceptBackoff.add(to: channel, logger)
                } catch {
                    // The socket is closed already: there is nothing to take in.
                }
                channel.closeFuture.whenComplete { _ in
                    // Clients that stay would keep the server from being started anew.
                    if ending.listenerClosed() { room.close() }
                }
                await onListening(channel)
                let bound = channel.localAddress.flatMap(Self.endpoint)
                logger.info("RPC listens on http://\(bound ?? listen)")
                await onRunning(bound)
            },
            logger: quiet
        )
    }

    private static func endpoint(_ address: SocketAddress) -> Endpoint? {
        guard let ip = address.ipAddress.flatMap({ IPAddress($0) }), let port = address.port else { return nil }
        return UInt16(exactly: port).map { Endpoint(ip: ip, port: $0) }
    }
}

extension IPAddress {
    /// Whether only this host reaches the address: 127.0.0.0/8 and ::1.
    package var isLoopback: Bool {
        if let bits = version4Bits { return bits >> 24 == 127 }
        return self == IPAddress(version6: 0, 1)
    }
}

import Hummingbird
import HummingbirdCore
import Kernel
import Logging
import NIOCore
import ServiceLifecycle
import Wire

/// Serves a node's published status over HTTP/1.1: a service that stops gracefully.
///
/// It never touches the node: each answer is made from the value that `status` returns.
public struct HTTPServer: Service {
    /// The name of this module in a profile.
    public static let id = "http"
    /// How many connections are served at a time; more wait in the backlog.
    static let maximumConnections = 64
    /// The longest list of header fields that is read.
    static let maximumHeaderBytes = 16 * 1_024
    /// No answer needs a request body; a client that sends a short one anyway is still answered.
    static let maximumBodyBytes = 64 * 1_024

    private let listen: Endpoint
    private let logger: Logger
    private let status: @Sendable (StatusDetail) async -> NodeStatus
    private let onRunning: @Sendable (Endpoint?) async -> Void
    /// Told of the listening socket before anybody else is.
    var onListening: @Sendable (any NIOCore.Channel) async -> Void = { _ in }

    /// A server that starts with `run`.
    ///
    /// - Parameters:
    ///   - status: the node's state as last published, with what the page shows; asked once a request.
    ///   - onRunning: told where the server listens once it does.
    public init(
        _ port: RPCPort, logger: Logger, status: @escaping @Sendable (StatusDetail) async -> NodeStatus,
        onRunning: @escaping @Sendable (Endpoint?) async -> Void = { _ in }
    ) {
        self.listen = port.listen
        self.logger = logger
        self.status = status
        self.onRunning = onRunning
    }

    /// Serves until the graceful shutdown or the task's cancellation, which is a graceful shutdown as well: requests that
    /// are under way are answered, and clients without one are let go.
    ///
    /// - Throws: ``HTTPServerError`` when the address cannot be listened on.
    public func run() async throws {
        if !listen.ip.isLoopback {
            logger.warning(
                "RPC listens on \(listen), which others can reach, without authentication: use a loopback address"
            )
        }
        // A server of Hummingbird's whose own task is cancelled drops connections that it has taken in and not begun to
        // serve, and SwiftNIO ends the process over those. So it runs in a task that nobody cancels.
        let service = ServiceGroupConfiguration.ServiceConfiguration(
            service: application(), successTerminationBehavior: .gracefullyShutdownGroup
        )
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [service], logger: quiet))
        let running = Task { try await group.run() }
        do {
            try await withTaskCancellationHandler {
                try await withGracefulShutdownHandler {
                    try await running.value
                } onGracefulShutdown: {
                    Task { await group.triggerGracefulShutdown() }
                }
            } onCancel: {
                Task { await group.triggerGracefulShutdown() }
            }
        } catch let error as IOError {
            throw Self.explain(error, at: listen)
        }
    }

    /// Hummingbird tells of every connection and of its own start; the node's log says it once, in its own words.
    private var quiet: Logger {
        var quiet = logger
        quiet.logLevel = .error
        return quiet
    }

    private func application() -> some ApplicationProtocol {
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: Self.maximumHeaderBytes, maxHeaderListSize: Self.maximumHeaderBytes,
            maxHeaderFieldCount: 64
        )
        return Application(
            responder: StatusResponder(status: status),
            server: .http1(
                configuration: HTTP1Channel.Configuration(idleTimeout: .seconds(30), httpDecoderConfiguration: decoder)
            ),
            configuration: ApplicationConfiguration(
                address: .hostname(listen.ip.description, port: Int(listen.port)), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(Self.maximumConnections, logger: quiet)
            ),
            onServerRunning: { [logger, onRunning, onListening] channel in
                do {
                    try await AcceptBackoff.add(to: channel, logger)
                } catch {
                    // The socket is closed already: there is nothing to take in.
                }
                await onListening(channel)
                let bound = channel.localAddress.flatMap(Self.endpoint)
                logger.info("RPC listens on http://\(bound?.description ?? "an unknown address")")
                await onRunning(bound)
            },
            logger: quiet
        )
    }

    private static func endpoint(_ address: SocketAddress) -> Endpoint? {
        guard let ip = address.ipAddress.flatMap({ IPAddress($0) }), let port = address.port else { return nil }
        return UInt16(exactly: port).map { Endpoint(ip: ip, port: $0) }
    }

    private static func explain(_ error: IOError, at listen: Endpoint) -> HTTPServerError {
        let isTaken = String(describing: error).contains("Address already in use")
        return HTTPServerError(
            code: isTaken ? .addressInUse : .cannotListen,
            message: isTaken
                ? "RPC cannot listen on \(listen): another program does; change 'rpc.http.listen' in the profile"
                : "RPC cannot listen on \(listen): \(error)",
            cause: error
        )
    }
}

extension IPAddress {
    /// Whether only this host reaches the address: 127.0.0.0/8 and ::1.
    package var isLoopback: Bool {
        if let bits = version4Bits { return bits >> 24 == 127 }
        return self == IPAddress(version6: 0, 1)
    }
}

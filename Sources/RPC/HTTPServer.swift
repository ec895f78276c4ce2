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

    /// Serves until the graceful shutdown or the task's cancellation.
    ///
    /// - Throws: ``HTTPServerError`` when the address cannot be listened on.
    public func run() async throws {
        if !listen.ip.isLoopback {
            logger.warning(
                "RPC listens on \(listen), which others can reach, without authentication: use a loopback address"
            )
        }
        do {
            try await application().run()
        } catch let error as IOError {
            throw Self.explain(error, at: listen)
        }
    }

    private func application() -> some ApplicationProtocol {
        // Hummingbird tells of every connection and of its own start; the node's log says it once, in its own words.
        var quiet = logger
        quiet.logLevel = .error
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
            onServerRunning: { [logger, onRunning] channel in
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

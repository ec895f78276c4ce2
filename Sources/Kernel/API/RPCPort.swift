import Logging
import Wire

/// A way for the outside to ask a node, made from a profile's options and not started.
///
/// ```swift
/// ModuleDescriptor(spec: spec, factory: .rpc { options in
///     RPCPort(module: "lines", listen: Endpoint(options.endpoint("listen"))) { node, setting in
///         LineServer(node, setting)
///     }
/// })
/// ```
public struct RPCPort: Sendable {
    /// The module's id.
    public var module: String
    /// Where it listens; nil for one that listens on no IP address.
    public var listen: Endpoint?
    /// Makes the service. Called once for each start: `run` makes another one where a service has ended by itself.
    public var makeService: @Sendable (any NodeAPI, RPCSetting) throws -> any RPCService

    public init(
        module: String, listen: Endpoint?,
        makeService: @escaping @Sendable (any NodeAPI, RPCSetting) throws -> any RPCService
    ) {
        self.module = module
        self.listen = listen
        self.makeService = makeService
    }
}

/// What serves the outside.
public protocol RPCService: Sendable {
    /// Serves until its task is cancelled: what is under way is answered, nothing new is taken in, and it returns within a
    /// few seconds.
    ///
    /// A service that throws before it has called `RPCSetting.onRunning` keeps the node from starting. One that ends later,
    /// by an error or without one, is made and started again after a while.
    func run() async throws
}

/// What a service is told beside the node.
public struct RPCSetting: Sendable {
    /// Where to listen: the port's own `listen`, but for a test, or after a restart of the service, which listens where it
    /// did before.
    public var listen: Endpoint?
    /// The node's log.
    public var logger: Logger
    /// To be called once the service takes requests, with where it listens.
    public var onRunning: @Sendable (Endpoint?) async -> Void

    public init(
        listen: Endpoint?, logger: Logger, onRunning: @escaping @Sendable (Endpoint?) async -> Void = { _ in }
    ) {
        self.listen = listen
        self.logger = logger
        self.onRunning = onRunning
    }
}

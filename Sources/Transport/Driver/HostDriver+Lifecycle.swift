import Kernel
import NIOCore
import NIOSSL
import Wire

// From `start` to `shutdown`.
extension HostDriver {
    /// Makes the policies and, under TLS, the certificate; returns what opens the store.
    func prepare() throws -> @Sendable () throws -> any StoreBackend {
        guard case .new = phase else {
            throw HostError(code: .alreadyStarted, message: "this host was started before; make another one")
        }
        // Set first: a host whose modules cannot be made is of no further use.
        phase = .stopped
        let modules = try configuration.modules()
        if configuration.transport.security == .tls {
            do {
                security = try TLSSecurity(
                    key: configuration.privateKey, validity: configuration.transport.certificateValidity,
                    now: clock.wall
                )
                counters.door.certificates += 1
            } catch {
                throw HostError(
                    code: .certificateFailed, message: "no certificate can be made from the identity's key",
                    cause: error
                )
            }
        }
        phase = .starting(modules)
        return configuration.store
    }

    /// Binds, and begins.
    func bind() -> EventLoopFuture<Endpoint> {
        let this = NIOLoopBound(self, eventLoop: loop)
        return listen(at: configuration.listen).flatMapErrorThrowing {
            throw HostError.bind(this.value.configuration.listen, $0)
        }
        .flatMapThrowing { try this.value.begin($0) }
    }

    /// Makes the node, gives it its first input and begins to take connections in.
    private func begin(_ channel: any NIOCore.Channel) throws -> Endpoint {
        guard case .starting(let modules) = phase, let bound = Endpoint(channel.localAddress) else {
            channel.close(promise: nil)
            throw HostError(code: .stopped, message: "the host was shut down while it started")
        }
        let advertised = configuration.advertised
        let node = Node(
            NodeConfiguration(
                network: configuration.network,
                endpoint: Endpoint(ip: advertised.ip, port: advertised.port == 0 ? bound.port : advertised.port),
                signer: recorder?.recording(signer) ?? signer, seed: configuration.seed,
                connectTimeout: configuration.transport.connectTimeout,
                modules: modules
            )
        )
        recorder?.began(node)
        self.node = node
        server = channel
        phase = .running
        take(.start)
        beginPulse()
        try channel.syncOptions?.setOption(.autoRead, value: true)
        return bound
    }

    /// Says goodbye and closes everything, by `deadline` at the latest. Never fails.
    func stop(by deadline: NIODeadline) -> EventLoopFuture<Void> {
        switch phase {
        case .new, .starting, .stopped:
            phase = .stopped
            return loop.makeSucceededVoidFuture()
        case .stopping(let promise):
            return promise.futureResult
        case .running:
            break
        }
        take(.shutdown)
        let promise = loop.makePromise(of: Void.self)
        phase = .stopping(promise)
        // Behind that, or it would be bound again.
        server?.close(promise: nil)
        disarm()
        if let node { publishNow(node) }
        for connection in sockets.values.sorted(by: { $0.serial < $1.serial }) where connection.stage == .opening {
            close(connection)
        }
        let limit = loop.assumeIsolated().scheduleTask(deadline: deadline) {
            for connection in self.sockets.values.sorted(by: { $0.serial < $1.serial }) { connection.abandon() }
            promise.succeed()
        }
        if sockets.isEmpty { promise.succeed() }
        let this = NIOLoopBound(self, eventLoop: loop)
        return promise.futureResult.always { _ in
            limit.cancel()
            this.value.phase = .stopped
        }
    }
}

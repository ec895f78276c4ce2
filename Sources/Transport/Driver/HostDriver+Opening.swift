import Kernel
import NIOCore
import NIOPosix
import Wire

// How connections come about.
extension HostDriver {
    /// How many accepted connections may be on their way to being up.
    ///
    /// Each holds a descriptor and some kilobytes for up to the handshake's deadline and has proven nothing. 256 is five
    /// times the peers a node keeps, so a whole network that comes back at once fits, and a flood cannot take the
    /// descriptors that links need.
    static let strangerLimit = 256

    /// Opens a transport for a dial of the node.
    func dial(_ id: LinkID, _ endpoint: Endpoint, expecting expected: Identity?, timeout: Duration) {
        let connection = makeConnection(.dialled, id: id, remote: endpoint, expecting: expected)
        connections.insert(connection, as: id)
        let this = NIOLoopBound((self, connection), eventLoop: loop)
        var bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(timeout))
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let (driver, connection) = this.value
                    try driver.equip(channel, for: connection)
                }
            }
        do {
            if let source = configuration.sourceAddress, source.isVersion6 == endpoint.ip.isVersion6 {
                bootstrap = bootstrap.bind(to: try Endpoint(ip: source, port: 0).socketAddress())
            }
            let address = try endpoint.socketAddress()
            if security != nil {
                connection.deadline = loop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) {
                    self.openingFailed(connection, .connectTimeout)
                }
            }
            bootstrap.connect(to: address).assumeIsolated().whenFailure { self.dialFailed(connection, $0) }
        } catch {
            dialFailed(connection, error)
        }
    }

    private func dialFailed(_ connection: LinkConnection, _ error: any Error) {
        noteFailure(connection, error)
        openingFailed(connection, connection.failure ?? .transportFailed)
        forget(connection)
    }

    /// Binds the listening socket. It takes nothing in before `begin`.
    func listen() -> EventLoopFuture<any NIOCore.Channel> {
        let this = NIOLoopBound(self, eventLoop: loop)
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let driver = this.value
                    let connection = driver.makeConnection(.accepted)
                    try driver.equip(channel, for: connection)
                }
            }
        do {
            return bootstrap.bind(to: try configuration.listen.socketAddress())
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    /// Counts an accepted connection in, or turns it away.
    func admit(_ connection: LinkConnection) -> Bool {
        connection.remote = Endpoint(connection.channel?.remoteAddress)
        guard case .running = phase, connection.remote != nil else {
            close(connection)
            return false
        }
        guard makeRoom(for: connection) else {
            refuse(connection, .tooManyLinks)
            return false
        }
        if security != nil {
            connection.deadline = loop.assumeIsolated().scheduleTask(
                in: TimeAmount(configuration.transport.connectTimeout)
            ) {
                self.openingFailed(connection, .handshakeTimeout)
            }
        }
        return true
    }

    private func makeConnection(
        _ direction: LinkDirection, id: LinkID? = nil, remote: Endpoint? = nil, expecting expected: Identity? = nil
    ) -> LinkConnection {
        let connection = LinkConnection(
            serial: nextSerial, direction: direction, id: id, remote: remote, expected: expected,
            sendLimit: configuration.transport.sendQueueBytes
        )
        nextSerial += 1
        sockets[connection.serial] = connection
        if direction == .accepted { strangers += 1 }
        return connection
    }

    private func equip(_ channel: any NIOCore.Channel, for connection: LinkConnection) throws {
        connection.channel = channel
        // The one thing that happens to every channel, whatever else went wrong with it.
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.forget(connection) }
        let pipeline = channel.pipeline.syncOperations
        if let security {
            let isDial = connection.direction == .dialled
            let handler = isDial ? try security.makeClientHandler() : security.makeServerHandler()
            connection.tls = handler
            try pipeline.addHandler(handler)
        }
        try pipeline.addHandler(LinkHandler(self, connection))
    }
}

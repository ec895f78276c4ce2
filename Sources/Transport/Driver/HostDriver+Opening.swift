import Kernel
import NIOCore
import NIOPosix
import Wire

// How connections come about.
extension HostDriver {
    /// Opens a transport for a dial of the node.
    func dial(_ id: LinkID, _ endpoint: Endpoint, expecting expected: Identity?, timeout: Duration) {
        let connection = makeConnection(.dialled, id: id, remote: endpoint, expecting: expected)
        connections.insert(connection, as: id)
        if let expected { masternodeSites.dials(expected, at: endpoint.ip) }
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
                let deadline = NIODeadline.now() + TimeAmount(timeout)
                connection.dialDeadline = deadline
                connection.deadline = loop.assumeIsolated().scheduleTask(deadline: deadline) {
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

    func makeConnection(
        _ direction: LinkDirection, id: LinkID? = nil, remote: Endpoint? = nil, expecting expected: Identity? = nil
    ) -> LinkConnection {
        let connection = LinkConnection(
            serial: nextSerial, direction: direction, id: id, remote: remote, expected: expected,
            sendLimit: configuration.transport.sendQueueBytes
        )
        nextSerial += 1
        sockets[connection.serial] = connection
        return connection
    }

    func equip(_ channel: any NIOCore.Channel, for connection: LinkConnection) throws {
        connection.channel = channel
        // The one thing that happens to every channel, whatever else went wrong with it.
        channel.closeFuture.assumeIsolated().whenComplete { _ in self.forget(connection) }
        let pipeline = channel.pipeline.syncOperations
        if let security {
            let isDial = connection.direction == .dialled
            let handler = isDial ? try security.makeClientHandler() : security.makeServerHandler()
            connection.tls = handler
            try pipeline.addHandlers(SpareRoomHandler(connection), handler)
        }
        try pipeline.addHandler(LinkHandler(self, connection))
    }
}

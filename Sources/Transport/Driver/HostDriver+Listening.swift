import Kernel
import NIOCore
import NIOPosix
import SystemErrors
import Wire

// The listening socket, and who comes in by it.
extension HostDriver {
    /// After an error of the listening socket nothing is taken in for so long. With no descriptor left the system would
    /// report the same error at once, again and again.
    static let acceptPause: TimeAmount = .milliseconds(250)

    /// Binds the listening socket. It takes nothing in before it is told to read.
    func listen(at endpoint: Endpoint) -> EventLoopFuture<any NIOCore.Channel> {
        let this = NIOLoopBound(self, eventLoop: loop)
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.autoRead, value: false)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(ListenerHandler(this.value))
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try this.value.takeIn(channel) }
            }
        do {
            return bootstrap.bind(to: try endpoint.socketAddress())
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    /// The system could not give us a connection; mostly there is no descriptor left.
    func acceptFailed(_ error: any Error) {
        counters.door.acceptErrors += 1
        pauseAccepting()
        let now = clock.now
        guard now >= nextAcceptNote else { return }
        nextAcceptNote = now + .seconds(10)
        observe(.note(.error, "no connection can be taken in (\(SystemErrorText.of(error))); tried again every 250 ms"))
    }

    /// SwiftNIO's own `AcceptBackoffHandler` holds back the next read, but the one that failed stays pending, and its
    /// socket stays with the selector, which then reports it again at once.
    private func pauseAccepting() {
        guard let channel = server, let options = channel.syncOptions,
            (try? options.getOption(.autoRead)) == true
        else { return }
        try? options.setOption(.autoRead, value: false)
        loop.assumeIsolated().scheduleTask(in: Self.acceptPause) {
            guard case .running = self.phase, self.server === channel else { return }
            try? options.setOption(.autoRead, value: true)
        }
    }

    /// The listening socket is gone, and not by our own will: some errors of one caller's connection (`accept(2)` lists
    /// them) close it in SwiftNIO. A node that nobody can dial any more must not stay so.
    func listenerClosed() {
        guard case .running = phase else { return }
        counters.door.listenerRestarts += 1
        observe(.note(.error, "the listening socket was closed; binding again"))
        rebind()
    }

    private func rebind() {
        guard case .running = phase, let endpoint = published.listening else { return }
        let this = NIOLoopBound(self, eventLoop: loop)
        listen(at: endpoint).assumeIsolated().whenComplete { result in
            let driver = this.value
            guard case .running = driver.phase else {
                if case .success(let channel) = result { channel.close(promise: nil) }
                return
            }
            switch result {
            case .success(let channel):
                driver.server = channel
                try? channel.syncOptions?.setOption(.autoRead, value: true)
                driver.observe(.note(.info, "listening again at \(endpoint)"))
            case .failure(let error):
                driver.acceptFailed(error)
                driver.loop.assumeIsolated().scheduleTask(in: .seconds(1)) { driver.rebind() }
            }
        }
    }
}

/// Tells the driver what becomes of its listening socket.
private final class ListenerHandler: ChannelInboundHandler {
    typealias InboundIn = any NIOCore.Channel

    private let driver: HostDriver

    init(_ driver: HostDriver) {
        self.driver = driver
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { driver.acceptFailed(error) }

    func channelInactive(context: ChannelHandlerContext) {
        context.fireChannelInactive()
        driver.listenerClosed()
    }
}

import NIOCore
import NIOTLS

/// The last handler of a link's pipeline: tells the driver what happens.
final class LinkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let driver: HostDriver
    private let connection: LinkConnection

    init(_ driver: HostDriver, _ connection: LinkConnection) {
        self.driver = driver
        self.connection = connection
    }

    func channelActive(context: ChannelHandlerContext) {
        driver.connected(connection)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        driver.received(unwrapInboundIn(data), on: connection)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        driver.readCompleted(connection)
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case TLSUserEvent.handshakeCompleted(let negotiated):
            driver.handshakeCompleted(connection, protocol: negotiated)
        case ChannelEvent.inputClosed:
            driver.inputClosed(connection)
        default:
            break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        driver.failed(connection, error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        driver.disconnected(connection)
        context.fireChannelInactive()
    }
}

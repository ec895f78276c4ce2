import NIOCore

/// Between TLS and the socket until the link is up: gives back what TLS keeps to write from beyond what a handshake needs.
/// What it keeps to read into is given back by the driver, which sees that.
final class SpareRoomHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connection: LinkConnection

    init(_ connection: LinkConnection) { self.connection = connection }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        unwrapOutboundIn(data).giveBackUnwrittenPages()
        context.write(data, promise: promise)
    }

    func flush(context: ChannelHandlerContext) {
        context.flush()
        // A link that is up may have much to say, and is not worth a handler more. Not sooner: a handler that has gone
        // passes no flush on.
        if connection.isUp { context.pipeline.syncOperations.removeHandler(context: context, promise: nil) }
    }
}

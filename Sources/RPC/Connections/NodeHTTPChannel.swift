import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import SystemErrors

/// A connection of the server: HTTP/1.1 as SwiftNIO reads it, watched over by ``HTTPConversation``.
struct NodeHTTPChannel: ServerChildChannel, HTTPChannelHandler {
    /// The longest list of header fields that is read.
    static let maximumHeaderBytes = 16 * 1_024
    static let maximumHeaderFields = 64

    /// A connection; without `exchange` it was turned away or has broken already.
    struct Value: ServerChildChannelValue {
        let channel: any NIOCore.Channel
        let exchange: NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>?
    }

    let responder: HTTPChannelHandler.Responder
    let judge: RequestJudge
    let room: ConnectionRoom

    /// Never fails: a connection that broke early must not be taken for an error of the listening socket.
    func setup(channel: any NIOCore.Channel, logger: Logger) -> EventLoopFuture<Value> {
        guard let place = room.enter(channel) else {
            channel.close(promise: nil)
            return channel.eventLoop.makeSucceededFuture(Value(channel: channel, exchange: nil))
        }
        do {
            let exchange = try equip(channel, place)
            return channel.eventLoop.makeSucceededFuture(Value(channel: channel, exchange: exchange))
        } catch {
            logger.debug("a connection broke before it was served: \(SystemErrorText.of(error))")
            room.leave(place)
            channel.close(promise: nil)
            return channel.eventLoop.makeSucceededFuture(Value(channel: channel, exchange: nil))
        }
    }

    private func equip(
        _ channel: any NIOCore.Channel, _ place: ConnectionRoom.Place
    ) throws -> NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart> {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = Self.maximumHeaderBytes
        limits.maxHeaderListSize = Self.maximumHeaderBytes
        limits.maxHeaderFieldCount = Self.maximumHeaderFields
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: true, withErrorHandling: false, withOutboundHeaderValidation: false,
            withEncoderConfiguration: HTTPResponseEncoder.Configuration(), withDecoderLimitConfiguration: limits
        )
        try pipeline.addHandler(HTTPConversation(judge, place, in: room))
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel,
            configuration: NIOAsyncChannel.Configuration(isOutboundHalfClosureEnabled: true)
        )
    }

    func handle(value: Value, logger: Logger) async {
        guard let exchange = value.exchange else { return }
        await handleHTTP(asyncChannel: exchange, logger: logger)
    }
}

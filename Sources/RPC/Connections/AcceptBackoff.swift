import Logging
import NIOCore
import SystemErrors

/// Holds the listening socket back after an error of `accept`: mostly the process has no descriptor left.
///
/// The system would report the same error at once, again and again. SwiftNIO's own `AcceptBackoffHandler`, which
/// Hummingbird's listener has, holds back the next read, but the one that failed stays pending, and its socket stays with
/// the selector: a core is busy with it until a descriptor is free. So this handler stands before that one.
final class AcceptBackoff: ChannelInboundHandler {
    typealias InboundIn = any NIOCore.Channel

    /// Nothing is taken in for so long; callers wait in the backlog meanwhile.
    static let pause: TimeAmount = .milliseconds(250)
    /// No complaint sooner after the last one.
    static let quiet: TimeAmount = .seconds(60)

    private let logger: Logger
    private var nextComplaint = NIODeadline.distantPast

    init(_ logger: Logger) {
        self.logger = logger
    }

    /// Puts one before everything else that the channel of a listening socket has.
    static func add(to channel: any NIOCore.Channel, _ logger: Logger) async throws {
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(AcceptBackoff(logger), position: .first)
        }.get()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        complain(error)
        let channel = context.channel
        do {
            guard let options = channel.syncOptions, try options.getOption(.autoRead) else { return }
            try options.setOption(.autoRead, value: false)
        } catch {
            // Mostly the socket has been closed, and then there is nothing to hold back.
            logger.debug("RPC's listening socket cannot be held back: \(SystemErrorText.of(error))")
            return
        }
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { self.resume(channel) }
    }

    private func resume(_ channel: any NIOCore.Channel) {
        do {
            try channel.syncOptions?.setOption(.autoRead, value: true)
        } catch ChannelError.ioOnClosedChannel {
            logger.debug("RPC's listening socket was closed while it was held back")
        } catch {
            logger.error("RPC takes no connection in any more: \(SystemErrorText.of(error)); start the node anew")
        }
    }

    private func complain(_ error: any Error) {
        let now = NIODeadline.now()
        guard now >= nextComplaint else { return }
        nextComplaint = now + Self.quiet
        logger.error(
            """
            RPC takes no connection in (\(SystemErrorText.of(error))), and tries again every 250 ms; where files or sockets \
            have run out, raise the limit ('ulimit -n', 'LimitNOFILE=') and start the node anew
            """
        )
    }
}

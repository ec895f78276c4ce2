import NIOCore
import NIOHTTP1
import Wire

/// Watches over the exchange on one connection: judges requests before anybody else sees them, holds every wait to a limit,
/// lets one answer wait for the client at a time, and closes when it says so.
///
/// It stands behind SwiftNIO's `HTTPServerPipelineHandler`, which reads nothing more while an answer is under way.
final class HTTPConversation: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let judge: RequestJudge
    private let place: ConnectionRoom.Place
    private let room: ConnectionRoom
    private var state = ConversationState()
    private var wait = ConversationState.Wait.firstRequest
    private var deadline: Scheduled<Void>?
    /// What the client had not taken when that was last looked at.
    private var leftToTake = Int.max
    /// The request that is under way asks for the head alone.
    private var isHead = false
    /// The request that is under way was refused here: nobody else hears of it.
    private var isRefused = false
    /// The end of an answer whose body the client has not taken yet.
    private var heldEnd: (data: NIOAny, promise: EventLoopPromise<Void>?)?
    private var isBodyUnderWay = false

    init(_ judge: RequestJudge, _ place: ConnectionRoom.Place, in room: ConnectionRoom) {
        self.judge = judge
        self.place = place
        self.room = room
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { expect(.firstRequest, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        expect(.firstRequest, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        deadline?.cancel()
        deadline = nil
        heldEnd?.promise?.fail(ChannelError.ioOnClosedChannel)
        heldEnd = nil
        room.leave(place)
    }

    // MARK: What comes in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !state.isOver else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): begin(head, data, context)
        case .body(let bytes):
            state.tookBody(bytes: bytes.readableBytes)
            guard state.bodyBytes <= RequestJudge.maximumBodyBytes else { return exceeded(context) }
            if !isRefused { context.fireChannelRead(data) }
        case .end:
            let wasRefused = isRefused
            carryOut(state.ended(), context)
            if !wasRefused { context.fireChannelRead(data) }
        }
    }

    private func begin(_ head: HTTPRequestHead, _ data: NIOAny, _ context: ChannelHandlerContext) {
        room.note(place, isWaiting: false)
        isHead = head.method == .HEAD
        isRefused = false
        // Nobody who speaks 1.0 can be told that the connection stays open in a way that all of them understand.
        carryOut(state.began(isLast: !head.isKeepAlive || head.version.isBefore11), context)
        let local = context.channel.localAddress?.ipAddress.flatMap { IPAddress($0) }
        if let refusal = judge.refusal(of: head, at: local, isForHealthAlone: place.isForHealthAlone) {
            refuse(refusal, context)
        } else {
            context.fireChannelRead(data)
        }
    }

    /// Says why a request is not served, and ends the connection: what follows may be the request's body.
    private func refuse(_ refusal: RequestJudge.Refusal, _ context: ChannelHandlerContext) {
        isRefused = true
        state.endsBehindAnswer()
        let body = ByteBuffer(string: ErrorBody(error: refusal.error, hint: refusal.hint).text)
        let headers: HTTPHeaders = [
            "Content-Type": JSONResponse.type, "Content-Length": String(body.readableBytes),
            "Cache-Control": "no-store",
        ]
        let head = HTTPResponseHead(version: .http1_1, status: refusal.status, headers: headers)
        write(context: context, data: wrapOutboundOut(.head(head)), promise: nil)
        write(context: context, data: wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        write(context: context, data: wrapOutboundOut(.end(nil)), promise: nil)
        context.flush()
    }

    private func exceeded(_ context: ChannelHandlerContext) {
        guard !isRefused else { return }
        if state.hasAnswerBegun { return context.close(promise: nil) }
        refuse(RequestJudge.tooLarge, context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.close(promise: nil) }
        if state.isAnswerOpen, state.hasAnswerBegun { return context.close(promise: nil) }
        guard !state.isOver else { return }
        // The decoder reads nothing more of this connection.
        if !state.isRequestOpen { carryOut(state.began(isLast: true), context) }
        carryOut(state.ended(), context)
        refuse(RequestJudge.malformed, context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event, state.isOver { return context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: What goes out

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch Self.unwrapOutboundIn(data) {
        case .head(var head):
            state.beganAnswer()
            if state.isLast { head.headers.replaceOrAdd(name: "Connection", value: "close") }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body where isHead: promise?.succeed()
        case .body:
            isBodyUnderWay = true
            let taken = context.eventLoop.makePromise(of: Void.self)
            taken.futureResult.assumeIsolated().whenComplete { _ in self.bodyTaken(context) }
            if let promise { taken.futureResult.cascade(to: promise) }
            context.write(data, promise: taken)
        case .end:
            // Behind it the next request of a client that sends several at once is read.
            if isBodyUnderWay { heldEnd = (data, promise) } else { endAnswer(data, promise, context) }
        }
    }

    private func bodyTaken(_ context: ChannelHandlerContext) {
        isBodyUnderWay = false
        guard let (data, promise) = heldEnd else { return }
        heldEnd = nil
        endAnswer(data, promise, context)
        context.flush()
    }

    private func endAnswer(_ data: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        // First, since the next request comes in while this is written.
        let action = state.answered()
        context.write(data, promise: promise)
        carryOut(action, context)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .output else { return context.close(mode: mode, promise: promise) }
        promise?.succeed()
        carryOut(state.finished(), context)
    }

    // MARK: Waiting

    private func carryOut(_ action: ConversationState.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .none: break
        case .expect(let wait):
            if wait == .nextRequest { room.note(place, isWaiting: true) }
            expect(wait, context)
        case .sayGoodbye:
            context.flush()
            context.close(mode: .output, promise: nil)
            expect(.goodbye, context)
            // What the client still sends is read and left, so that its host does not answer our end with a reset.
            context.read()
        }
    }

    private func expect(_ wait: ConversationState.Wait, _ context: ChannelHandlerContext) {
        self.wait = wait
        leftToTake = .max
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(wait.limit)) { self.isDue(context) }
    }

    private func isDue(_ context: ChannelHandlerContext) {
        let left = (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        guard wait == .answer, left > 0, left < leftToTake else { return context.close(promise: nil) }
        expect(.answer, context)
        leftToTake = left
    }
}

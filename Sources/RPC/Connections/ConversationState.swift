/// How far the exchange on one connection has come: one request at a time, and what follows from each step.
struct ConversationState {
    /// What a connection waits for, which decides how long.
    enum Wait: Sendable, Hashable {
        /// The first request.
        case firstRequest
        /// The next one.
        case nextRequest
        /// The rest of a request.
        case restOfRequest
        /// The answer, and the client's taking it.
        case answer
        /// The client's end of stream, behind our own.
        case goodbye

        /// How long it may take; an answer may take longer as long as the client takes some of it.
        var limit: Duration {
            switch self {
            case .firstRequest, .restOfRequest, .answer: .seconds(10)
            case .nextRequest: .seconds(30)
            case .goodbye: .seconds(1)
            }
        }
    }

    /// What has to be done behind a step.
    enum Action: Sendable, Hashable {
        /// Wait for something, however long was waited for what came before.
        case expect(Wait)
        /// Send our end of stream, and wait for the client's.
        case sayGoodbye
        /// Go on waiting.
        case none
    }

    private(set) var isRequestOpen = false
    private(set) var isAnswerOpen = false
    /// Some of the answer has been sent, so that no other one can be.
    private(set) var hasAnswerBegun = false
    /// The connection ends behind the answer.
    private(set) var isLast = false
    /// Our end of stream is out.
    private(set) var isOver = false
    private(set) var bodyBytes = 0
    private var requests = 0

    /// A request has begun.
    ///
    /// - Parameter isLast: the client wants no other answer on this connection.
    mutating func began(isLast: Bool) -> Action {
        requests += 1
        isRequestOpen = true
        isAnswerOpen = true
        hasAnswerBegun = false
        bodyBytes = 0
        self.isLast = self.isLast || isLast
        return .expect(.restOfRequest)
    }

    mutating func tookBody(bytes: Int) { bodyBytes += bytes }

    /// The request is whole.
    mutating func ended() -> Action {
        isRequestOpen = false
        return isAnswerOpen ? .expect(.answer) : next()
    }

    /// What follows cannot be told from the request any more.
    mutating func endsBehindAnswer() { isLast = true }

    mutating func beganAnswer() { hasAnswerBegun = true }

    /// The host's TCP has taken the whole answer.
    mutating func answered() -> Action {
        isAnswerOpen = false
        return isRequestOpen && !isLast ? .expect(.restOfRequest) : next()
    }

    /// The server wants to send nothing more.
    mutating func finished() -> Action {
        isLast = true
        return isAnswerOpen ? .none : next()
    }

    private mutating func next() -> Action {
        guard isLast else { return .expect(requests == 0 ? .firstRequest : .nextRequest) }
        guard !isOver else { return .none }
        isOver = true
        return .sayGoodbye
    }
}

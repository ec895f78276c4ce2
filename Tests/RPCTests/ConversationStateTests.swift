import Testing

@testable import RPC

@Suite("What one connection waits for") struct ConversationStateTests {
    @Test("request behind answer, as long as the client likes")
    func ordinary() {
        var state = ConversationState()
        for _ in 0..<3 {
            #expect(state.began(isLast: false) == .expect(.restOfRequest))
            #expect(state.ended() == .expect(.answer))
            state.beganAnswer()
            #expect(state.answered() == .expect(.nextRequest))
        }
    }

    @Test("an answer may be there before its request is whole, and the rest of that is waited for")
    func earlyAnswer() {
        var state = ConversationState()
        _ = state.began(isLast: false)
        state.beganAnswer()
        state.tookBody(bytes: 7)
        #expect(state.answered() == .expect(.restOfRequest))
        #expect(state.ended() == .expect(.nextRequest))
        #expect(state.bodyBytes == 7)
        _ = state.began(isLast: false)
        #expect(state.bodyBytes == 0 && !state.hasAnswerBegun)
    }

    @Test("the last answer is followed by the end, once")
    func last() {
        var state = ConversationState()
        _ = state.began(isLast: true)
        #expect(state.ended() == .expect(.answer))
        #expect(state.answered() == .sayGoodbye)
        #expect(state.isOver)
        #expect(state.finished() == .none)
    }

    @Test("a request that is refused ends the connection although its rest is still coming")
    func refused() {
        var state = ConversationState()
        _ = state.began(isLast: false)
        state.endsBehindAnswer()
        state.beganAnswer()
        #expect(state.answered() == .sayGoodbye)
        #expect(state.ended() == .none)
    }

    @Test("a server that wants to end sends its answer first")
    func finished() {
        var state = ConversationState()
        _ = state.began(isLast: false)
        _ = state.ended()
        #expect(state.finished() == .none)
        #expect(state.answered() == .sayGoodbye)
        var idle = ConversationState()
        #expect(idle.finished() == .sayGoodbye)
    }

    @Test("nothing is waited for without a limit")
    func limits() {
        for wait in [ConversationState.Wait.firstRequest, .nextRequest, .restOfRequest, .answer, .goodbye] {
            #expect(wait.limit > .zero && wait.limit <= .seconds(30))
        }
    }
}

import NIOConcurrencyHelpers

/// Waits for the first of several ends; the others come to nothing.
final class SurveyWaiter: Sendable {
    private enum State {
        case new
        case waiting(CheckedContinuation<Void, Never>)
        case ended
    }

    private let state = NIOLockedValueBox(State.new)

    /// Returns once there was an end.
    func wait() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLockedValue { state in
                if case .ended = state { return true }
                state = .waiting(continuation)
                return false
            }
            if hasEnded { continuation.resume() }
        }
    }

    func end() {
        let waiting = state.withLockedValue { state -> CheckedContinuation<Void, Never>? in
            defer { state = .ended }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        waiting?.resume()
    }
}

/// Bounds how long something on the real machine may take.
package enum TimeLimit {
    /// What `body` returns, if it does within `limit`; `body` has to heed its task's cancellation.
    ///
    /// - Throws: ``LiveError`` `timed-out`, or what `body` throws.
    package static func run<Value: Sendable>(
        _ limit: Duration, _ what: String, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else {
                throw LiveError(.timedOut, "not within \(limit): \(what)")
            }
            return value
        }
    }

    /// Asks again and again, `interval` apart, until the answer is not nil.
    ///
    /// - Throws: ``LiveError`` `timed-out` after `limit`, or what `ask` throws.
    package static func poll<Value: Sendable>(
        _ what: String, within limit: Duration, every interval: Duration = .milliseconds(100),
        _ ask: @escaping @Sendable () async throws -> Value?
    ) async throws -> Value {
        try await run(limit, what) {
            while true {
                if let value = try await ask() { return value }
                try await Task.sleep(for: interval)
            }
        }
    }
}

import Foundation

/// Long work that Ctrl-C or SIGTERM stops in order: the task is cancelled, and what it has finished comes back.
enum Interruptible {
    /// Runs `work` in a task that the first signal cancels. A second one ends the program at once, as it would without
    /// this.
    static func run<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> (result: Result, wasInterrupted: Bool) {
        let task = Task { try await work() }
        let interrupts = Interrupts { task.cancel() }
        defer { interrupts.end() }
        // A caller's own cancellation counts as well: tests have no signals.
        let result = try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
        return (result, task.isCancelled)
    }
}

/// Turns the first SIGINT or SIGTERM into a call while it exists.
final class Interrupts {
    private let sources: [any DispatchSourceSignal]
    private static let signals = [SIGINT, SIGTERM]

    init(_ body: @escaping @Sendable () -> Void) {
        sources = Self.signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                for number in Self.signals { signal(number, SIG_DFL) }
                body()
            }
            source.resume()
            return source
        }
    }

    /// Signals end the program again.
    func end() {
        for source in sources { source.cancel() }
        for number in Self.signals { signal(number, SIG_DFL) }
    }
}

import Kernel
import Trace
import Wire

/// What `run --events` writes to standard output: everything that happens in the node, a line each, for programs.
final class EventOutput: Sendable {
    private let sink: LogSink

    init(_ console: Console) {
        sink = LogSink(
            tellDropped: { EventLine(at: .now, .lost($0)).text },
            write: { text in
                console.write(text)
                return true
            }
        )
    }

    /// Hands an event over; returns at once.
    func take(_ event: Event, wall: WallTime) { sink.append(EventLine(at: wall, .event(event)).text) }

    /// The node works from now on.
    func listens(on endpoint: Endpoint) { sink.append(EventLine(at: .now, .listening(endpoint)).text) }

    /// Returns once everything handed over before is written.
    func flush() { sink.flush() }
}

import Kernel
import Logging
import Synchronization
import Transport
import Wire

/// Listens to one node: folds its events into the why-ledger, writes its log, and answers what its status is.
final class NodeMonitor: Sendable {
    private struct State {
        var network: NetworkView
        var text: EventText
        var ledger: StatusLedger
        var failures: RepeatedFailures
        var gate = LogGate()
    }

    private let logger: Logger
    private let showsMetadata: Bool
    private let started = ContinuousClock.now
    private let state: Mutex<State>

    /// - Parameter showsMetadata: whether log lines carry what stands in them once more as fields, for programs.
    init(network: NetworkView, rule: DialRule, logger: Logger, showsMetadata: Bool) {
        self.logger = logger
        self.showsMetadata = showsMetadata
        self.state = Mutex(
            State(
                network: network, text: EventText(network: network, rule: rule),
                ledger: StatusLedger(network: network), failures: RepeatedFailures(network: network)
            )
        )
    }

    /// The network file and the profile were read anew. What is filed of peers stays.
    func adopt(_ network: NetworkView, rule: DialRule) {
        state.withLock { state in
            state.network = network
            state.text = EventText(network: network, rule: rule)
            state.ledger.network = network
            state.failures.network = network
        }
    }

    /// Takes one event in. Called on the node's event loop, so it only files and hands over.
    func take(_ event: Event, at now: Instant, wall: WallTime) {
        let (repeated, text) = state.withLock { state in
            state.ledger.record(event, at: now, wall: wall)
            return (state.failures.note(event), state.text)
        }
        let lines = lines(for: event, repeated, text).filter { Logger.Level($0.level) >= logger.logLevel }
        guard !lines.isEmpty else { return }
        let (isWritten, summaries) = state.withLock { state in
            state.gate.admit(LogOrigin(of: event, in: state.network), at: now)
        }
        for summary in summaries { logger.warning("\(summary)") }
        guard isWritten else { return }
        for line in lines { write(line) }
    }

    private func lines(
        for event: Event, _ repeated: (count: Int, isTold: Bool)?, _ text: EventText
    ) -> [EventText.Line] {
        let lines = text.lines(for: event)
        guard let repeated, repeated.count > 1 else { return lines }
        return lines.map { line in
            EventText.Line(
                level: repeated.isTold ? line.level : .debug,
                message: "\(line.message), \(repeated.count) times in a row", metadata: line.metadata
            )
        }
    }

    private func write(_ line: EventText.Line) {
        var metadata: Logger.Metadata = [:]
        if showsMetadata {
            for field in line.metadata { metadata[field.key] = .string(field.value) }
        }
        logger.log(level: Logger.Level(line.level), "\(line.message)", metadata: metadata)
    }

    /// The node's status out of its last published snapshot.
    func status(of snapshot: NodeSnapshot, advertised: Endpoint, droppedLogLines: UInt64 = 0) -> NodeStatus {
        let (ledger, network, leftOut) = state.withLock { ($0.ledger, $0.network, $0.gate.total) }
        // A quiet node publishes nothing, and its links grow older all the same.
        let elapsed = Instant.zero + started.duration(to: .now)
        return NodeStatus(
            identity: snapshot.identity, address: snapshot.listening ?? advertised, version: Version.number,
            network: network, chain: snapshot.chain, links: snapshot.links, ledger: ledger,
            now: max(snapshot.now, elapsed), wall: .now, incarnation: snapshot.incarnation,
            measured: snapshot.measured, loop: snapshot.loop, door: snapshot.traffic.door,
            log: LogCounters(leftOut: leftOut, dropped: droppedLogLines)
        )
    }
}

extension Logger.Level {
    init(_ level: NoteLevel) {
        switch level {
        case .debug: self = .debug
        case .info: self = .info
        case .warning: self = .warning
        case .error: self = .error
        }
    }
}

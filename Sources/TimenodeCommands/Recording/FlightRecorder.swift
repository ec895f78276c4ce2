import Kernel
import Synchronization
import Trace
import Wire

/// Keeps the newest inputs and effects of a real node in a ring, as a trace that can be replayed.
///
/// The node's event loop writes, anybody may take the content out.
final class FlightRecorder: NodeRecorder {
    private struct State {
        var ring: TraceRing
        /// Nil before the node was made.
        var header: TraceHeader?
        var signer: RecordingSigner?
        var line = LineWriter()
        /// What the node runs, or will run once it is reloaded.
        var profile: TraceHeader.Profile
        /// Why nothing is recorded any more; nil while it is.
        var problem: String?

        /// Name of the node; nil where nothing is recorded.
        var name: String? { problem == nil ? header?.nodes.first?.name : nil }
    }

    private let program: String
    private let limit: Int
    private let state: Mutex<State>

    /// - Parameters:
    ///   - program: name and version of this program.
    ///   - limit: the bound on what is kept, in bytes.
    init(profile: TraceHeader.Profile, program: String, limit: Int) {
        self.program = program
        self.limit = limit
        self.state = Mutex(State(ring: TraceRing(limit: limit), profile: profile))
    }

    // MARK: What the driver tells

    func recording(_ signer: any Signer) -> any Signer {
        let recording = RecordingSigner(signer)
        state.withLock { $0.signer = recording }
        return recording
    }

    func began(_ node: Node) { begin(with: node, at: .zero) }

    /// A trace is of one profile: what was kept of the one before goes.
    func reloaded(_ node: Node, at now: Instant) {
        state.withLock { $0.ring = TraceRing(limit: limit) }
        begin(with: node, at: now)
    }

    /// What the node will run once it is reloaded.
    func expect(_ profile: TraceHeader.Profile) { state.withLock { $0.profile = profile } }

    private func begin(with node: Node, at now: Instant) {
        let configuration = node.configuration
        let identity = configuration.signer.identity
        let name = configuration.network.masternode(identity)?.name ?? identity.description
        let checkpoint = Result { try node.checkpoint() }
        state.withLock {
            $0.header = TraceHeader(
                program: program, source: .node, profiles: [$0.profile], networks: [configuration.network],
                nodes: [
                    TraceHeader.Node(
                        name: name, identity: identity, endpoint: configuration.endpoint,
                        connectTimeout: configuration.connectTimeout, profile: 0, network: 0
                    )
                ]
            )
            Self.begin(checkpoint, at: now, name, &$0)
        }
    }

    func admitted(_ link: LinkID, from remote: Endpoint, at now: Instant) {
        state.withLock { state in
            guard let name = state.name else { return }
            state.line.clear()
            Self.write(TraceRecord(time: now.nanoseconds, host: name, content: .admitted(link, remote)), &state)
            state.ring.append(state.line.bytes, records: 1)
        }
    }

    func handled(_ input: Input, at now: Instant, wall: WallTime, by node: Node) {
        let effects = node.effects
        let wantsCheckpoint = state.withLock { state in
            guard let name = state.name else { return false }
            state.line.clear()
            var record = TraceRecord(time: now.nanoseconds, host: name, wall: wall, content: .input(node.typed(input)))
            record.signed = state.signer?.take() ?? []
            record.fired = node.firedTimers
            Self.write(record, &state)
            for effect in effects {
                Self.write(TraceRecord(time: now.nanoseconds, host: name, content: .effect(effect)), &state)
            }
            state.ring.append(state.line.bytes, records: 1 + effects.count)
            return state.ring.wantsCheckpoint
        }
        guard wantsCheckpoint else { return }
        // Whether or not anything is left of the records before it: from here on a replay can begin.
        let checkpoint = Result { try node.checkpoint() }
        state.withLock { state in
            guard let name = state.name else { return }
            Self.begin(checkpoint, at: now, name, &state)
        }
    }

    private static func write(_ record: TraceRecord, _ state: inout State) {
        record.write(to: &state.line)
        state.line.endLine()
    }

    private static func begin(
        _ checkpoint: Result<NodeCheckpoint, any Error>, at now: Instant, _ name: String, _ state: inout State
    ) {
        switch checkpoint {
        case .failure(let error): state.problem = "a module's state cannot be written: \(error)"
        case .success(let checkpoint):
            state.line.clear()
            state.line.checkpoint(checkpoint, time: now.nanoseconds, node: name)
            state.line.endLine()
            let size = state.line.bytes.count
            if !state.ring.begin(state.line.bytes) {
                state.problem =
                    "the node's state alone takes \(size) bytes: give --record-size at least \(4 * size >> 20 + 1)MiB"
            }
        }
    }

    // MARK: What is asked of it

    /// Why nothing is recorded any more; nil while it is.
    var problem: String? { state.withLock { $0.problem } }

    /// The trace in pieces, header and last line included; nil before the node was made.
    func trace() -> (pieces: [[UInt8]], records: Int)? {
        let taken = state.withLock { state in
            state.header.map { (header: $0, content: state.ring.content, records: state.ring.records) }
        }
        guard let taken else { return nil }
        var line = LineWriter()
        taken.header.write(to: &line)
        line.endLine()
        let pieces = [line.bytes] + taken.content
        var content = ByteDigest()
        for piece in pieces { content.add(piece) }
        return (pieces + [TraceEnd(records: taken.records, digest: nil).line(closing: content)], taken.records)
    }
}

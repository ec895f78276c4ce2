import Kernel
import NIOCore
import Wire

/// The real driver: gives a node its inputs and carries out its effects, all on one event loop.
///
/// What one event of the loop brings (a read with its messages, a due timer, an answer of the disk) is one turn: the
/// node takes all of it, then each link gets one write with everything the turn said to it.
///
/// What every frame touches is marked `@exclusivity(unchecked)`: all of it is confined to one loop, and nothing is called
/// while one of these is being changed that could come back to it (`docs/decisions/0020-unchecked-in-the-driver.md`).
final class HostDriver {
    var configuration: HostConfiguration
    let signer: Ed25519Signer
    let services: HostServices
    let names: NameService
    let loop: any EventLoop
    let clock = HostClock()
    let recorder: (any NodeRecorder)?
    private let board: SnapshotBoard

    /// How far the host has come.
    enum Phase {
        case new
        case starting(PolicySet)
        case running
        case stopping(EventLoopPromise<Void>)
        case stopped
    }

    @exclusivity(unchecked) var phase = Phase.new
    @exclusivity(unchecked) var node: Node?
    var security: TLSSecurity?
    var server: (any NIOCore.Channel)?
    @exclusivity(unchecked) var counters = TransportCounters()

    /// Links that the node knows.
    @exclusivity(unchecked) var connections = ConnectionTable()
    /// Every socket there is, those that the node does not know yet or any more included.
    var sockets: [UInt64: LinkConnection] = [:]
    var nextSerial: UInt64 = 1
    /// Accepted connections that are on their way to being up.
    var doorway = Doorway()
    var gate: AcceptGate
    var masternodeSites: MasternodeSites
    var refusals = RefusalTally()
    /// Strangers are taken in while fewer sockets are open: what is left is for masternodes, dials, disk and RPC.
    var descriptorsForStrangers: Int
    /// No complaint of the listening socket before this.
    var nextAcceptNote = Instant.zero

    /// Who waits for what becomes of a transaction.
    @exclusivity(unchecked) var submissions: [RequestID: (SubmissionResult) -> Void] = [:]
    private var lastRequest: UInt64 = 0

    @exclusivity(unchecked) private var inputs = CircularBuffer<Input>()
    @exclusivity(unchecked) private var effects: [Effect] = []
    /// Links with something to write or to close when the turn ends, in the order in which that came up.
    @exclusivity(unchecked) private var touched: [LinkConnection] = []
    @exclusivity(unchecked) private var isTurning = false
    /// Both clocks as the turn that is going on has them.
    @exclusivity(unchecked) private(set) var moment: (now: Instant, wall: WallTime)?
    private var tick: (deadline: Instant, task: Scheduled<Void>)?
    private(set) var published: NodeSnapshot
    private var publication: Scheduled<Void>?

    // What is measured beside the node's own work.
    var pulse: Scheduled<Void>?
    var survey = LinkSurvey()
    var loopStatus = LoopStatus()

    init(
        _ configuration: HostConfiguration, signer: Ed25519Signer, services: HostServices, board: SnapshotBoard,
        loop: any EventLoop
    ) {
        self.configuration = configuration
        self.recorder = configuration.recorder
        self.signer = signer
        self.services = services
        self.names = NameService(on: loop, look: configuration.resolver)
        self.board = board
        self.loop = loop
        self.published = board.snapshot
        self.gate = AcceptGate(configuration.transport.limits)
        self.masternodeSites = MasternodeSites(configuration.network)
        let descriptors = DescriptorLimit.current ?? 1024
        self.descriptorsForStrangers = descriptors - min(128, descriptors / 4)
    }
}

// MARK: - Turns

extension HostDriver {
    /// Queues an input for this turn.
    func queue(_ input: Input) { inputs.append(input) }

    /// Gives the node an input at once, or behind those of the turn that is going on.
    func take(_ input: Input) {
        queue(input)
        turn()
    }

    /// Gives the node an input of the turn that `turn` will end: at once where nothing is queued before it.
    func begin(_ input: Input) {
        guard !isTurning, inputs.isEmpty, let node else {
            queue(input)
            return
        }
        isTurning = true
        give(input, to: node)
        isTurning = false
    }

    /// Gives the node every queued input and carries out what it asks for.
    func turn() {
        guard !isTurning, let node else { return }
        isTurning = true
        counters.turns += 1
        repeat {
            while let input = inputs.popFirst() {
                if isCurrent(input) { give(input, to: node) }
            }
            flush()
            // Writing can fail at once, and a failure is an input.
        } while !inputs.isEmpty
        isTurning = false
        moment = nil
        arm(for: node)
        publish(node)
    }

    /// All inputs of a turn happen at one moment: that of its first.
    private func give(_ input: Input, to node: Node) {
        let moment = moment ?? (clock.now, clock.wall)
        self.moment = moment
        node.handle(input, at: moment.now, wall: moment.wall)
        recorder?.handled(input, at: moment.now, wall: moment.wall, by: node)
        carryOut(node)
    }

    /// Runs `body` as a turn of its own.
    func visit<T: Sendable>(_ body: (Node) -> T) -> EventLoopFuture<T> {
        guard let node else {
            return loop.makeFailedFuture(HostError(code: .stopped, message: "the host has not started; call 'start'"))
        }
        isTurning = true
        let result = body(node)
        if case .running = phase { carryOut(node) }
        isTurning = false
        turn()
        return loop.makeSucceededFuture(result)
    }

    /// Gives the node other options, peers and modules as a turn of its own; nothing has changed where it throws.
    func reload(_ modules: PolicySet, network: NetworkView) throws {
        guard case .running = phase, let node else {
            throw HostError(code: .stopped, message: "the host does not run: there is nothing to reload")
        }
        let now = clock.now
        try node.reload(modules, network: network, at: now, wall: clock.wall)
        configuration.network = network
        masternodeSites.adopt(network)
        recorder?.reloaded(node, at: now)
        isTurning = true
        carryOut(node)
        isTurning = false
        turn()
    }

    /// Hands a transaction to the node; `answer` is told what became of it.
    ///
    /// - Throws: ``HostError`` `stopped` where the node does not run.
    func submit(_ transaction: [UInt8], answer: @escaping (SubmissionResult) -> Void) throws {
        guard case .running = phase else {
            throw HostError(code: .stopped, message: "the host does not run: it takes no transactions")
        }
        lastRequest += 1
        let request = RequestID(number: lastRequest)
        submissions[request] = answer
        take(.submitted(request, transaction))
    }

    /// Tells the node that its process will be busy.
    func announce(workUpTo limit: Duration) {
        guard case .running = phase else { return }
        take(.workAhead(upTo: limit))
    }

    /// What was read before the node stopped reading or ended the link is not for it any more; and the end of a stream
    /// lies behind what is not read.
    private func isCurrent(_ input: Input) -> Bool {
        switch input {
        case .received(let id, _), .ended(let id, .endOfStream): connections[id].map { !$0.isReadingStopped } ?? false
        case .ended(let id, _): connections[id] != nil
        default: true
        }
    }

    private func carryOut(_ node: Node) {
        guard node.hasEffects else { return }
        swap(&effects, &node.effects)
        for index in effects.indices { perform(effects[index], node) }
        effects.removeAll(keepingCapacity: true)
    }

    /// Notes that a link has something to do at the end of the turn.
    func touch(_ connection: LinkConnection) {
        guard !connection.isTouched else { return }
        connection.isTouched = true
        touched.append(connection)
    }

    private func flush() {
        while !touched.isEmpty {
            let links = touched
            touched.removeAll(keepingCapacity: true)
            for link in links {
                link.isTouched = false
                write(link)
                advance(link)
            }
        }
    }
}

// MARK: - Time

extension HostDriver {
    /// Arms the one tick for the node's next deadline, where that has changed.
    private func arm(for node: Node) {
        var next = node.nextDeadline
        if case .running = phase {} else { next = nil }
        guard next != tick?.deadline else { return }
        tick?.task.cancel()
        tick = nil
        guard let next, let deadline = clock.deadline(next) else { return }
        let task = loop.assumeIsolated().scheduleTask(deadline: deadline) {
            guard .now() - deadline > Self.standstill else { return self.wake() }
            // Tasks come before reads, all that are due. Whoever stood still has words in its sockets that may refute
            // what it is about to conclude.
            let again = self.loop.assumeIsolated().scheduleTask(in: .milliseconds(20)) { self.wake() }
            self.tick = (next, again)
        }
        tick = (next, task)
    }

    /// A timer that is later than this is late because the loop stood still.
    private static let standstill = TimeAmount.milliseconds(50)

    private func wake() {
        tick = nil
        take(.wake)
    }

    /// Publishes a snapshot, or sees to it that one is published once the last is old enough.
    private func publish(_ node: Node) {
        guard publication == nil else { return }
        let due = published.now + configuration.statusInterval
        if published.listening == nil || clock.now >= due {
            publishNow(node)
        } else if let deadline = clock.deadline(due) {
            publication = loop.assumeIsolated().scheduleTask(deadline: deadline) {
                self.publication = nil
                self.publishNow(node)
            }
        }
    }

    /// Publishes where something has changed.
    func publishNow(_ node: Node) {
        var snapshot = published
        snapshot.now = clock.now
        snapshot.wall = clock.wall
        snapshot.links = node.table.entries
        snapshot.chain = node.chainStatus
        snapshot.traffic = counters
        snapshot.incarnation = node.incarnation
        snapshot.measured = survey.figures
        snapshot.measuredAt = survey.finishedAt
        snapshot.loop = loopStatus
        snapshot.listening = Endpoint(server?.localAddress) ?? published.listening
        guard snapshot.differs(from: published) else { return }
        published = snapshot
        board.snapshot = snapshot
    }

    /// Ends the tick, the pulse, a survey and any publication that is due.
    func disarm() {
        for end in survey.abandon() { end() }
        pulse?.cancel()
        pulse = nil
        tick?.task.cancel()
        tick = nil
        publication?.cancel()
        publication = nil
    }

    /// Tells the outside of something that the node itself does not know.
    func observe(_ event: Event) { configuration.eventSink(event, clock.now, clock.wall) }
}

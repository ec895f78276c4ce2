import Kernel
import Trace
import Wire

/// One run: a scenario, a profile and a seed, in virtual time on one thread.
///
/// The nodes are the ones that run on real sockets; this driver interprets their effects with models of hosts, of TCP
/// and of the network between them. The same scenario, profile and seed give the same digest in any process.
public struct Simulation: ~Copyable {
    let scenario: Scenario
    let profile: SimulatedProfile
    let seed: UInt64
    let signatures: SimulatedSignatures
    /// Wall clock at the start of the run: the network's genesis.
    let genesis = WallTime(milliseconds: 1_765_929_600_000)

    /// Virtual nanoseconds since the start of the run.
    var now: Int64 = 0
    var events = EventQueue<SimulationEvent>()
    var hosts: [VirtualHost] = []
    var sockets: [VirtualSocket] = []
    var freePairs: [Int] = []
    var connections: UInt64 = 0
    var paths: NetworkPaths
    let collector: Collector
    var cost = Cost()
    /// Look-up of a listening host by its address.
    let hostAt: [Endpoint: Int]
    let trace: TraceSink?
    private var digest = TraceDigest()
    private var handled: UInt64 = 0
    private var scratch: [Effect] = []
    /// The hosts at the other end of the links that the effects in hand have touched.
    private var changedPeers: [Int] = []

    /// Takes each input and effect as it happens; costs nothing where there is none.
    public typealias TraceSink = (TraceRecord) -> Void

    /// - Parameter collectsTimeline: keep each pair's history for the report; one run of a profile is enough.
    public init(
        _ scenario: Scenario, profile: SimulatedProfile, seed: UInt64, collectsTimeline: Bool = false,
        trace: TraceSink? = nil
    ) {
        self.scenario = scenario
        self.profile = profile
        self.seed = seed
        self.trace = trace
        signatures = SimulatedSignatures(seed: seed)
        let model = scenario.network
        paths = NetworkPaths(
            seed: seed, latency: model.latency.lowerBound.nanoseconds...model.latency.upperBound.nanoseconds,
            jitter: model.jitter.nanoseconds, loss: UInt64(model.lossPerMillion)
        )
        var addresses: [Endpoint: Int] = [:]
        for (index, host) in model.hosts.enumerated() {
            addresses[host.endpoint] = index
            var clock = RandomStream(seed: seed, name: "kernel clock \(index)")
            hosts.append(
                VirtualHost(
                    index: index, name: host.name, endpoint: host.endpoint, identity: signatures.identity(of: index),
                    wheel: TimerWheel(phase: Int64(clock.below(4096)))
                )
            )
        }
        hostAt = addresses
        collector = Collector(scenario: scenario, collectsTimeline: collectsTimeline)
        for index in hosts.indices {
            var stream = RandomStream(seed: seed, name: "start \(index)")
            let drawn = stream.duration(below: scenario.startSpread)
            events.push(.start(host: index), at: (scenario.startAt?[index] ?? drawn).nanoseconds)
        }
        for (index, fault) in scenario.faults.enumerated() { events.push(.fault(index), at: fault.at.nanoseconds) }
    }

    /// Runs to the scenario's end.
    /// - Throws: what a module's constructor throws.
    public consuming func run() throws -> RunResult {
        try advance(to: scenario.duration.nanoseconds)
        return finish()
    }

    mutating func advance(to end: Int64) throws {
        while let time = events.nextTime, time <= end, let (_, event) = events.pop() {
            now = time
            handled += 1
            try handle(event)
        }
        now = end
    }

    private mutating func finish() -> RunResult {
        RunResult(
            seed: seed, digest: digest.text, events: handled,
            metrics: collector.finish(at: now, simulation: self), timeline: collector.timeline(of: self)
        )
    }

    private mutating func handle(_ event: SimulationEvent) throws {
        switch event {
        case .start(let host): try start(host)
        case .wake(let host): wake(host)
        case .request(let socket, let generation): requestArrives(socket, generation)
        case .retryRequest(let socket, let generation): retryRequest(socket, generation)
        case .connectTimeout(let socket, let generation): connectTimedOut(socket, generation)
        case .connected(let socket, let generation): connected(socket, generation)
        case .refused(let socket, let generation): refused(socket, generation)
        case .taken(let socket, let generation): taken(socket, generation)
        case .data(let socket, let generation, let message): dataArrives(socket, generation, message)
        case .finish(let socket, let generation): finishArrives(socket, generation)
        case .reset(let socket, let generation): resetArrives(socket, generation)
        case .retransmit(let socket, let generation): retransmit(socket, generation)
        case .keepalive(let socket, let generation, let round): keepalive(socket, generation, round)
        case .answer(let host, let start, let input):
            let host = Int(host)
            if UInt32(truncatingIfNeeded: hosts[host].starts) == start { deliver(input, to: host) }
        case .fault(let index): try strike(index)
        case .heal(let index): heal(index)
        }
    }

    // MARK: Processes

    /// A process starts on a host that has power; the store is the only thing it finds.
    mutating func start(_ host: Int) throws {
        guard hosts[host].power == .idle else { return }
        hosts[host].starts += 1
        hosts[host].power = .running
        hosts[host].wakeAt = .max
        hosts[host].sockets.removeAll()
        if hosts[host].store == nil { hosts[host].store = try profile.openStore() }
        let processSeed = seed ^ UInt64(host + 1) << 32 ^ hosts[host].starts << 56
        trace?(
            TraceRecord(
                time: now, host: hosts[host].name, content: .process(start: hosts[host].starts, seed: processSeed)
            )
        )
        let node = Node(
            NodeConfiguration(
                network: networkView(of: host), endpoint: hosts[host].endpoint,
                signer: SimulatedSigner(scheme: signatures, identity: hosts[host].identity), seed: processSeed,
                connectTimeout: profile.transport.connectTimeout,
                modules: try profile.makePolicies(scenario)
            )
        )
        hosts[host].node = node
        collector.started(host, at: now)
        feed(.start, to: host)
        collector.changed(host, in: self)
    }

    func networkView(of host: Int) -> NetworkView {
        let model = scenario.network
        let members = model.members(seenBy: host)
        return NetworkView(
            name: scenario.name, genesis: genesis, slotInterval: model.slotInterval,
            minimumMasternodes: model.minimumMasternodes,
            masternodes: members.map {
                NetworkView.Masternode(
                    name: hosts[$0].name, identity: hosts[$0].identity, endpoint: hosts[$0].endpoint
                )
            }
        )
    }

    /// Hands an input to a process, or keeps it until the process runs again.
    mutating func deliver(_ input: Input, to host: Int) {
        switch hosts[host].power {
        case .running: feed(input, to: host)
        case .stalled: hosts[host].inbox.append(.input(input))
        case .idle, .off: break
        }
    }

    private mutating func wake(_ host: Int) {
        guard hosts[host].wakeAt == now, hosts[host].power == .running else { return }
        hosts[host].wakeAt = .max
        feed(.wake, to: host)
    }

    mutating func feed(_ input: Input, to host: Int) {
        guard let node = hosts[host].node else { return }
        cost.wakeups += 1
        let wall = WallTime(milliseconds: genesis.milliseconds + now / 1_000_000)
        node.handle(input, at: Instant(nanoseconds: now), wall: wall)
        record(input, host, wall)
        drain(node, host)
        rearm(node, host)
    }

    mutating func rearm(_ node: Node, _ host: Int) {
        let next = node.nextDeadline?.nanoseconds ?? .max
        guard next != hosts[host].wakeAt else { return }
        hosts[host].wakeAt = next
        if next != .max { events.push(.wake(host: host), at: max(next, now)) }
        hosts[host].wakeAt = next == .max ? .max : max(next, now)
    }

    /// Carries out what the node asked for, in order.
    private mutating func drain(_ node: Node, _ host: Int) {
        guard node.hasEffects else { return }
        swap(&node.effects, &scratch)
        for index in scratch.indices {
            record(scratch[index], host)
            carryOut(scratch[index], host)
        }
        scratch.removeAll(keepingCapacity: true)
        guard !changedPeers.isEmpty else { return }
        for peer in changedPeers { collector.changed(host, peer, in: self) }
        changedPeers.removeAll(keepingCapacity: true)
    }

    /// Notes that what can be delivered between this host and the one at the other end may have changed.
    mutating func noteChange(_ socket: Int) {
        let peer = sockets[socket ^ 1].host
        if !changedPeers.contains(peer) { changedPeers.append(peer) }
    }

    // MARK: Trace and digest

    private mutating func record(_ input: Input, _ host: Int, _ wall: WallTime) {
        digest.add(input, at: now, node: host)
        trace?(TraceRecord(time: now, host: hosts[host].name, wall: wall, content: .input(input)))
    }

    private mutating func record(_ effect: Effect, _ host: Int) {
        digest.add(effect)
        trace?(TraceRecord(time: now, host: hosts[host].name, content: .effect(effect)))
    }
}

import Kernel
import Trace
import Wire

/// One run: a scenario, a profile and a seed, in virtual time on one thread.
///
/// Questions that are asked for every segment are inlined: a call that only reads would copy the whole run's state for
/// as long as it lasts.
///
/// The nodes are the ones that run on real sockets; this driver interprets their effects with models of hosts, of TCP
/// and of the network between them. The same scenario, profile and seed give the same digest in any process.
public struct Simulation: ~Copyable {
    let scenario: Scenario
    let profile: SimulatedProfile
    /// What hosts run in place of `profile`, by number; empty where all run the same.
    let otherProfiles: [SimulatedProfile?]
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
    let monitor: Monitor
    var cost = Cost()
    /// Look-up of a listening host by its address.
    let hostAt: [Endpoint: Int]
    let trace: TraceSink?
    private var digest = TraceDigest()
    private var handled: UInt64 = 0
    /// Room for the effects of the input in hand.
    var scratch: [Effect] = []
    /// The hosts at the other end of the links that the effects in hand have touched.
    var changedPeers: [Int] = []

    /// Takes each input and effect as it happens; costs nothing where there is none.
    public typealias TraceSink = (TraceRecord) -> Void

    /// - Parameter collectsTimeline: keep each pair's history for the report; one run of a profile is enough.
    public init(
        _ scenario: Scenario, profile: SimulatedProfile, seed: UInt64, collectsTimeline: Bool = false,
        trace: TraceSink? = nil
    ) {
        let scenario = scenario.withDrawnFaults(seed: seed)
        self.scenario = scenario
        self.profile = profile
        otherProfiles = profile.others(in: scenario)
        self.seed = seed
        self.trace = trace
        signatures = SimulatedSignatures(seed: seed)
        let model = scenario.network
        paths = NetworkPaths(of: model, seed: seed)
        var addresses: [Endpoint: Int] = [:]
        for (index, host) in model.hosts.enumerated() {
            addresses[host.endpoint] = index
            var clock = RandomStream(seed: seed, name: "kernel clock \(model.isOneMachine ? 0 : index)")
            hosts.append(
                VirtualHost(
                    index: index, name: host.name, endpoint: host.endpoint,
                    identity: signatures.identity(of: host.twinOf ?? index),
                    wheel: TimerWheel(phase: Int64(clock.below(4096)))
                )
            )
            var wall = RandomStream(seed: seed, name: "wall clock \(index)")
            let offset = wall.duration(below: model.clockOffset + model.clockOffset)
            hosts[index].wallError = (model.clockOffset - offset).nanoseconds
            hosts[index].isStranger = host.isStranger
            let drift = Int64(wall.below(UInt64(2 * model.clockDrift + 1)))
            hosts[index].wallDrift = 1000 * (Int64(model.clockDrift) - drift)
        }
        hostAt = addresses
        collector = Collector(scenario: scenario, collectsTimeline: collectsTimeline)
        monitor = Monitor(scenario, seed: seed)
        for index in hosts.indices {
            var stream = RandomStream(seed: seed, name: "start \(index)")
            let drawn = stream.duration(below: scenario.startSpread)
            hosts[index].firstStartAt = (scenario.startAt?[index] ?? drawn).nanoseconds
            events.push(.start(host: index), at: hosts[index].firstStartAt)
            guard let supervisor = scenario.supervisor, !hosts[index].isStranger else { continue }
            // Hosts were not switched on together: each asks at moments of its own.
            let first = stream.duration(below: supervisor.interval).nanoseconds
            events.push(.supervisor(host: Int32(index), .ask), at: hosts[index].firstStartAt + first)
        }
        for (index, fault) in scenario.faults.enumerated() { events.push(.fault(index), at: fault.at.nanoseconds) }
        if let judgement = monitor.judgesAt { events.push(.judge, at: judgement) }
    }

    /// Runs to the scenario's end.
    ///
    /// - Parameter isCancelled: asked now and then, some hundred times a second, whether the run is still wanted.
    /// - Throws: what a module's constructor throws; `CancellationError` where the run is not wanted any more.
    public consuming func run(isCancelled: () -> Bool = { false }) throws -> RunResult {
        try advance(to: scenario.duration.nanoseconds, isCancelled: isCancelled)
        return finish()
    }

    mutating func advance(to end: Int64, isCancelled: () -> Bool = { false }) throws {
        while let time = events.nextTime, time <= end, let (_, event) = events.pop() {
            now = time
            handled += 1
            if handled & 0x3fff == 0, isCancelled() { throw CancellationError() }
            try handle(event)
        }
        now = end
    }

    private mutating func finish() -> RunResult {
        RunResult(
            seed: seed, digest: digest.text, events: handled,
            metrics: collector.finish(at: now, simulation: self), timeline: collector.timeline(of: self),
            verdict: monitor.verdict(self), history: collector.finishedHistory(at: now)
        )
    }

    private mutating func handle(_ event: SimulationEvent) throws {
        switch event {
        case .start(let host): try start(host)
        case .wake(let host): wake(host)
        case .request(let socket, let generation): requestArrives(socket, generation)
        case .connected(let socket, let generation): connected(socket, generation)
        case .refused(let socket, let generation): refused(socket, generation)
        case .taken(let socket, let generation): taken(socket, generation)
        case .data(let socket, let generation, let number, let message):
            dataArrives(socket, generation, Segment(number: number, message: message))
        case .part(let socket, let generation, let number, let bytes):
            dataArrives(socket, generation, Segment(number: number, message: nil, bytes: Int(bytes)))
        case .lastPart(let socket, let generation, let number, let bytes, let message):
            dataArrives(Int(socket), generation, Segment(number: number, message: message, bytes: Int(bytes)))
        case .lineFree(let socket, let generation): lineFree(socket, generation)
        case .progress(let socket, let generation, let number, let arrival):
            progressArrives(socket, generation, number, until: arrival)
        case .finish(let socket, let generation): finishArrives(socket, generation)
        case .reset(let socket, let generation): resetArrives(socket, generation)
        case .timer(let timer): if isDue(timer) { fire(timer) }
        case .windowOpens(let socket, let generation): windowOpens(socket, generation)
        case .disk(let host, let start): diskDone(Int(host), start)
        case .served(let host, let start): served(Int(host), start)
        case .answer(let host, let start, let input):
            let host = Int(host)
            if UInt32(truncatingIfNeeded: hosts[host].starts) == start { deliver(input, to: host) }
        case .powered(let host): powerReturns(Int(host))
        case .supervisor(let host, let step): supervise(Int(host), step)
        case .fault(let index): try strike(index)
        case .heal(let index): heal(index)
        case .settled: collector.settled(in: self)
        case .judge: monitor.judge(self)
        }
    }

    // MARK: Trace and digest

    mutating func record(_ input: Input, _ host: Int, _ wall: WallTime) {
        let time = ownTime(of: host).nanoseconds
        var input = input
        if case .received(_, .module(let envelope)) = input, envelope.isRaw {
            // What came as bytes is told in words, too.
            input = hosts[host].node?.typed(input) ?? input
        }
        digest.add(hosts[host].node?.canonical(input) ?? input, at: time, wall: wall, node: host)
        guard let trace else { return }
        var record = TraceRecord(time: time, host: hosts[host].name, wall: wall, content: .input(input))
        record.fired = hosts[host].node?.firedTimers ?? []
        trace(record)
    }

    /// A process begins with this seed.
    mutating func record(processOf host: Int, seed: UInt64, _ network: NetworkView) {
        let profile = profile(of: host)
        digest.add(
            process: hosts[host].starts, seed: seed, of: host, identity: hosts[host].identity,
            endpoint: hosts[host].endpoint, connectTimeout: profile.transport.connectTimeout,
            profile: profile.traced.digest, network: network
        )
        trace?(
            TraceRecord(
                time: ownTime(of: host).nanoseconds, host: hosts[host].name,
                content: .process(start: hosts[host].starts, seed: seed)
            )
        )
    }

    /// An incoming connection got its generation.
    mutating func record(admitted link: LinkID, from remote: Endpoint, _ host: Int) {
        let time = ownTime(of: host).nanoseconds
        digest.add(admitted: link, from: remote, at: time, node: host)
        trace?(TraceRecord(time: time, host: hosts[host].name, content: .admitted(link, remote)))
    }

    mutating func record(_ effect: Effect, _ host: Int) {
        digest.add(effect)
        trace?(TraceRecord(time: ownTime(of: host).nanoseconds, host: hosts[host].name, content: .effect(effect)))
    }
}

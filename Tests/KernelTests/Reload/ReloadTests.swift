import Testing
import Wire

@testable import Kernel

@Suite("Reloading a node while its links are up") struct ReloadTests {
    private func modules(_ log: Log, name: String = "again", discovery: Int = 1) -> PolicySet {
        PolicySet(
            links: ScriptedLinks(log: log), liveness: ScriptedModule(name: "liveness \(name)", log: log),
            consensus: ScriptedModule(name: "consensus \(name)", log: log),
            discovery: (0..<discovery).map { ScriptedModule(name: "discovery \(name) \($0)", log: log) },
            workloads: [ScriptedModule(name: "application \(name)", log: log)]
        )
    }

    private func reload(_ node: ScriptedNode, _ modules: PolicySet, network: NetworkView? = nil) throws {
        try node.node.reload(
            modules, network: network ?? node.node.configuration.network, at: node.now, wall: WallTime(milliseconds: 0)
        )
    }

    @Test("A module of the same type keeps its timers, and its link stays up")
    func keptTimers() throws {
        let node = ScriptedNode {
            $0.onStart = { context in
                context.schedule(ScriptedModule.Timer.at(7), at: Instant(nanoseconds: 5_000_000_000))
            }
        }
        node.feed(.start)
        let link = node.accept(1)
        _ = node.takeLines()
        try reload(node, modules(node.log))
        #expect(node.node.phase(of: link) == .up)
        node.now = Instant(nanoseconds: 5_000_000_000)
        node.feed(.wake)
        #expect(node.takeLines() == ["consensus again fired 7"])
    }

    @Test("An application's timers go with it when the list of discovery modules before it grows")
    func movedPlaces() throws {
        let log = Log()
        var application = ScriptedModule(name: "application", log: log)
        application.onStart = { $0.schedule(ScriptedModule.Timer.at(9), at: Instant(nanoseconds: 1_000_000)) }
        var first = modules(log, name: "first")
        first.workloads = [application]
        let node = Node(ScriptedNode.configuration(seed: 1, first))
        node.handle(.start, at: .zero, wall: WallTime(milliseconds: 0))
        node.effects = []
        log.lines = []
        try node.reload(
            modules(log, discovery: 3), network: node.configuration.network, at: .zero, wall: WallTime(milliseconds: 0)
        )
        #expect(log.lines == ["discovery again 1 start", "discovery again 2 start"])
        log.lines = []
        node.handle(.wake, at: Instant(nanoseconds: 1_000_000), wall: WallTime(milliseconds: 0))
        #expect(log.lines == ["application again fired 9"])
    }

    @Test("Nobody wants the peers of a discovery module that is gone, and what it offered is taken back")
    func removedDiscovery() throws {
        let log = Log()
        let node = Node(ScriptedNode.configuration(seed: 1, modules(log, discovery: 2)))
        node.handle(.start, at: .zero, wall: WallTime(milliseconds: 0))
        log.lines = []
        try node.reload(
            modules(log), network: node.configuration.network, at: .zero, wall: WallTime(milliseconds: 0)
        )
        #expect(log.lines == ["wanted 0 periodic", "discovery again 0 offered 0"])
    }

    @Test("Another liveness module starts, hears of each link that is up, and fires no timer of the one before")
    func anotherLiveness() throws {
        let node = ScriptedNode()
        node.feed(.start)
        let link = node.accept(1)
        _ = node.takeLines()
        var next = modules(node.log)
        next.liveness = OtherLiveness(log: node.log)
        try reload(node, next)
        #expect(node.takeLines() == ["other start", "other up \(link)"])
        let options = node.node.effects.compactMap { effect -> SocketOptions? in
            if case .socketOptions(link, let options) = effect { options } else { nil }
        }
        #expect(options == [SocketOptions()])
    }

    @Test("Policies see the new list of masternodes at once")
    func newNetwork() throws {
        let node = ScriptedNode()
        node.feed(.start)
        let old = node.node.configuration.network
        let network = NetworkView(
            name: old.name, genesis: old.genesis, slotInterval: old.slotInterval,
            minimumMasternodes: old.minimumMasternodes,
            masternodes: [
                NetworkView.Masternode(
                    name: "new", identity: ScriptedNode.identity(5), endpoint: ScriptedNode.endpoint(5)
                )
            ]
        )
        var next = modules(node.log)
        next.discovery = [Witness(log: node.log)]
        #expect(throws: ReloadError.self) { try reload(node, next, network: network) }
        try reload(node, modules(node.log), network: network)
        #expect(node.node.configuration.network.masternodes.map(\.name) == ["new"])
    }

    @Test("A change that needs a restart is refused with its role, and the node goes on with what it had")
    func refused() throws {
        let node = ScriptedNode()
        node.feed(.start)
        var other = modules(node.log)
        other.consensus = OtherConsensus()
        let error = #expect(throws: ReloadError.self) { try reload(node, other) }
        #expect(error?.code == .otherModule)
        #expect(error?.role == "consensus")
        var network = node.node.configuration.network
        network.slotInterval = .seconds(9)
        #expect(throws: ReloadError.self) { try reload(node, modules(node.log), network: network) }
        #expect(node.node.configuration.network.slotInterval == .seconds(1))
        _ = node.takeLines()
        node.feed(.shutdown)
        #expect(node.takeLines().contains("consensus shutdown"))
    }
}

private struct OtherLiveness: LivenessPolicy {
    var state = NoState()
    let log: Log

    mutating func start(_ context: inout Context) { log.lines.append("other start") }
    mutating func linkUp(_ link: Link, _ context: inout Context) { log.lines.append("other up \(link.id)") }
}

private struct OtherConsensus: ConsensusPolicy {
    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 0) }
}

private struct Witness: DiscoveryPolicy {
    var state = NoState()
    let log: Log
}

import Crypto
import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import Transport

/// A host with scripted policies, a journal of all it was told, and commands for a test to give.
struct TestNode: Sendable {
    let host: NodeHost
    let journal: Journal
    let identity: Identity
    let endpoint: Endpoint

    /// What a test may want otherwise.
    struct Setup: Sendable {
        var security = TransportPort.Security.plain
        var script = Script()
        var listen = "127.0.0.1:0"
        var connectTimeout: Duration = .seconds(20)
        var sendQueueBytes = 4 << 20
        var limits = AcceptLimits()
        var tlsTimeout: Duration = .seconds(20)
        var certificateValidity: Duration = .seconds(86_400)
        var masternodes: [NetworkView.Masternode] = []
        var key = Curve25519.Signing.PrivateKey()
        /// The links policy; nil for the scripted one.
        var links: (@Sendable () throws -> any LinksPolicy)?
    }

    static func start(_ setup: Setup = Setup()) async throws -> TestNode {
        let journal = Journal()
        let host = NodeHost(try configuration(setup, journal))
        let endpoint = try await host.start()
        return TestNode(host: host, journal: journal, identity: host.snapshot.identity, endpoint: endpoint)
    }

    static func configuration(_ setup: Setup, _ journal: Journal) throws -> HostConfiguration {
        let listen = try #require(Endpoint(setup.listen))
        let script = setup.script
        let links = setup.links
        return HostConfiguration(
            network: NetworkView(
                name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(2), minimumMasternodes: 1,
                masternodes: setup.masternodes
            ),
            listen: listen, advertised: listen, privateKey: setup.key,
            transport: TransportPort(
                listen: listen, security: setup.security, connectTimeout: setup.connectTimeout,
                sendQueueBytes: setup.sendQueueBytes, limits: setup.limits, tlsTimeout: setup.tlsTimeout,
                certificateValidity: setup.certificateValidity
            ),
            modules: {
                let role = ScriptedRole(journal: journal, script: script)
                return PolicySet(
                    links: try links?() ?? ScriptedLinks(journal: journal, script: script), liveness: role,
                    consensus: role,
                    discovery: [role], workloads: [role]
                )
            },
            store: { ListStore() }, seed: 1, eventSink: { event, _, _ in journal.add(.event(event)) }
        )
    }

    /// Runs `body` as if a policy of the node did, by default the links policy.
    @discardableResult
    func act<T: Sendable>(
        as place: UInt8 = NodeMachine.Slot.links, _ body: @Sendable @escaping (inout Context) -> T
    ) async -> T {
        await host.withNode { node in
            node.machine.context.module = place
            let result = body(&node.machine.context)
            node.machine.settle()
            return result
        }
    }

    /// Dials `endpoint`.
    @discardableResult
    func dial(_ endpoint: Endpoint, expecting identity: Identity? = nil) async -> LinkID {
        await act { $0.open(endpoint, expecting: identity) }
    }

    func send(_ messages: [Message], over link: LinkID) async {
        await act { context in
            for message in messages { context.send(message, over: link) }
        }
    }

    func close(_ link: LinkID, _ reason: Reason) async { await act { $0.close(link, reason) } }
}

/// Starts nodes, runs `body` with them, and shuts them down whatever happens.
func withNodes(_ setups: TestNode.Setup..., body: ([TestNode]) async throws -> Void) async throws {
    var nodes: [TestNode] = []
    do {
        for setup in setups { nodes.append(try await TestNode.start(setup)) }
        try await body(nodes)
    } catch {
        for node in nodes { await node.host.shutdown() }
        throw error
    }
    for node in nodes { await node.host.shutdown() }
}

/// Links the first node to the second and returns each end's generation.
func connect(_ first: TestNode, _ second: TestNode) async throws -> (LinkID, LinkID) {
    let dialled = await first.dial(second.endpoint)
    let accepted = try await second.journal.first { if case .accepted(let link) = $0 { link.id } else { nil } }
    _ = try await first.journal.first { if case .dialled(let link) = $0, link.id == dialled { true } else { nil } }
    return (dialled, accepted)
}

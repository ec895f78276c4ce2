import Crypto
import Kernel
import ModuleTesting
import Store
import Transport
import Wire

/// A node on the loopback address that does what a kit tells it, and writes down what it is told.
struct PortNode: Sendable {
    let host: NodeHost
    let journal: PortJournal
    let orders: Control.Orders
    let identity: Identity
    let endpoint: Endpoint

    static let loopback = Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: 0)

    /// - Throws: what keeps the host from starting.
    static func start(
        _ port: TransportPort, journal: PortJournal,
        store: @escaping @Sendable () throws -> any StoreBackend = { MemoryStore() }
    ) async throws -> PortNode {
        let orders = Control.Orders()
        let network = NetworkView(
            name: "loopback", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10), minimumMasternodes: 1,
            masternodes: []
        )
        let host = NodeHost(
            HostConfiguration(
                network: network, listen: loopback, advertised: loopback, privateKey: Curve25519.Signing.PrivateKey(),
                transport: port,
                modules: {
                    let role = JournalRole(journal: journal, orders: orders)
                    return PolicySet(
                        links: JournalLinks(journal: journal), liveness: role, consensus: role, discovery: [],
                        workloads: [role]
                    )
                },
                store: store, seed: 1, eventSink: { event, _, _ in journal.add(.event(event)) }
            )
        )
        let endpoint = try await host.start()
        return PortNode(
            host: host, journal: journal, orders: orders, identity: host.snapshot.identity, endpoint: endpoint
        )
    }

    /// Does something as if a module of the node did.
    func act(_ order: @escaping Control.Orders.Order) async {
        orders.add(order)
        await host.announceWork(upTo: .zero)
    }

    func dial(_ endpoint: Endpoint, expecting identity: Identity? = nil) async {
        await act { _ = $0.open(endpoint, expecting: identity) }
    }

    func send(_ messages: [Message], over link: LinkID) async {
        await act { context in
            for message in messages { context.send(message, over: link) }
        }
    }

    /// The messages received so far over a link.
    func received(over link: LinkID, _ count: Int) async -> [Message] {
        await journal.collect(count) { entry in
            if case .received(link, let message) = entry { message } else { nil }
        }
    }

    func ended(_ link: LinkID) async -> StreamEnd? {
        await journal.first { if case .ended(link, let end) = $0 { end } else { nil } }
    }
}

/// Brings every link up, and writes down what becomes of it.
private struct JournalLinks: LinksPolicy {
    let journal: PortJournal
    var state = NoState()

    init(journal: PortJournal) {
        self.journal = journal
    }

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {}

    mutating func dialled(_ link: Link, _ context: inout Context) {
        markUp(link, &context)
        journal.add(.dialled(link))
    }

    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {
        journal.add(.dialFailed(link.id, reason))
    }

    mutating func accepted(_ link: Link, _ context: inout Context) {
        markUp(link, &context)
        journal.add(.accepted(link))
    }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) { journal.add(.ended(link.id, end)) }

    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        journal.add(.received(link, message))
    }

    func route(to peer: Identity) -> LinkID? { nil }

    private func markUp(_ link: Link, _ context: inout Context) {
        context.markUp(link.id, peer: link.transportIdentity ?? Identity(key: .zero))
    }
}

/// Plays every other role: carries orders out, and writes down what arrives.
struct JournalRole: LivenessPolicy, ConsensusPolicy, WorkloadPolicy, PersistingPolicy {
    static let storeFormat: UInt32 = 1

    let journal: PortJournal
    private var control: Control
    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 1) }

    init(journal: PortJournal, orders: Control.Orders) {
        self.journal = journal
        control = Control(orders)
    }

    mutating func workAhead(upTo limit: Duration, _ context: inout Context) {
        control.workAhead(upTo: limit, &context)
    }

    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        journal.add(.received(link, message))
    }

    /// Takes everything for its own.
    mutating func take(_ envelope: ModuleEnvelope, from link: LinkID, _ context: inout Context) -> Reception {
        journal.add(.received(link, .module(envelope)))
        return .taken(unknownFields: 0)
    }

    mutating func persisted(_ token: WriteToken, _ context: inout Context) {
        journal.add(.stored(.persisted(token)))
    }

    mutating func persistFailed(_ failure: StoreFailure, _ token: WriteToken, _ context: inout Context) {
        journal.add(.stored(.persistFailed(failure, token)))
    }

    mutating func rows(_ answer: StoreAnswer, _ token: Token, _ context: inout Context) {
        journal.add(.stored(.rows(answer, token)))
    }

    mutating func readFailed(_ failure: StoreFailure, _ token: Token, _ context: inout Context) {
        journal.add(.stored(.readFailed(failure, token)))
    }
}

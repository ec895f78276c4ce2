import Kernel
import Wire

/// A links policy that writes down what discovery wants; what the driver takes in or opens is up at once.
struct RecordingLinks: LinksPolicy {
    struct State: Codable, Sendable {
        struct Call: Codable, Sendable, Equatable {
            let wishes: [Wish]
            let source: Int
            let pass: DiscoveryPass
        }

        var calls: [Call] = []
    }

    var state = State()
    /// Where calls go that a test wants to see.
    let record: (State.Call) -> Void

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {
        record(State.Call(wishes: wishes, source: source, pass: pass))
        for wish in wishes where context.links.entries.allSatisfy({ $0.remote != wish.endpoint }) {
            _ = context.open(wish.endpoint, expecting: wish.identity)
        }
    }

    mutating func dialled(_ link: Link, _ context: inout Context) {
        if let peer = link.transportIdentity { context.markUp(link.id, peer: peer) }
    }

    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {}

    mutating func accepted(_ link: Link, _ context: inout Context) {
        if let peer = link.transportIdentity { context.markUp(link.id, peer: peer) }
    }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        context.close(link.id, end.reason, by: .transport)
    }

    mutating func reportedMisbehaviour(_ peer: Identity, _ misbehaviour: Misbehaviour, _ context: inout Context) {
        context.note(.info, "\(peer) misbehaved: \(misbehaviour.reason.rawValue), \(misbehaviour.weight)")
    }

    func route(to peer: Identity) -> LinkID? { nil }
}

struct NoLiveness: LivenessPolicy {
    var state = NoState()
}

struct NoBlocks: ConsensusPolicy {
    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 0) }
}

/// Node 0 of a network with one discovery module, and a driver whose dials all succeed, or none.
final class Rig {
    private(set) var calls: [RecordingLinks.State.Call] = []
    private(set) var events: [Event] = []
    private(set) var now = Instant.zero
    private var node: Node?

    init(_ module: some DiscoveryPolicy, masternodes: Int, bootstrap: [Endpoint] = []) {
        let network = Self.network(of: masternodes, bootstrap: bootstrap)
        let record: (RecordingLinks.State.Call) -> Void = { [unowned self] in calls.append($0) }
        self.node = Node(
            NodeConfiguration(
                network: network, endpoint: Self.endpoint(0), signer: NoSigner(identity: Self.identity(0)), seed: 1,
                connectTimeout: .seconds(1),
                modules: PolicySet(
                    links: RecordingLinks(record: record), liveness: NoLiveness(), consensus: NoBlocks(),
                    discovery: [module]
                )
            )
        )
    }

    static func network(of masternodes: Int, bootstrap: [Endpoint] = []) -> NetworkView {
        NetworkView(
            name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1), minimumMasternodes: 1,
            masternodes: (0..<masternodes).map {
                .init(name: "node \($0)", identity: identity($0), endpoint: endpoint($0))
            },
            bootstrap: bootstrap
        )
    }

    static func identity(_ number: Int) -> Identity { Identity(key: Bytes32(UInt64(number) + 1, 0, 0, 0)) }

    static func endpoint(_ number: Int) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 0x7f00_0001 + UInt32(number)), port: 24100)
    }

    var nextDeadline: Instant? { node?.nextDeadline }

    func start() { feed(.start) }

    func accept(from peer: Int) {
        guard let id = node?.admit(from: Self.endpoint(1000 + peer), at: now) else { return }
        feed(.accepted(id, identity: Self.identity(peer)))
    }

    /// The transport of every open dial to `number` comes up.
    func connect(_ number: Int) {
        for link in node?.table.entries ?? [] where link.remote == Self.endpoint(number) && link.phase == .connecting {
            feed(.opened(link.id, identity: Self.identity(number)))
        }
    }

    func advance(by duration: Duration) {
        let target = now + duration
        while let deadline = nextDeadline, deadline <= target {
            now = max(now, deadline)
            feed(.wake)
        }
        now = target
    }

    private func feed(_ input: Input) {
        guard let node else { return }
        node.handle(input, at: now, wall: WallTime(milliseconds: now.nanoseconds / 1_000_000))
        for case .observe(let event) in node.effects { events.append(event) }
        node.effects = []
    }
}

struct NoSigner: Signer {
    let identity: Identity
    func sign(_ bytes: [UInt8]) -> Signature { .none }
}

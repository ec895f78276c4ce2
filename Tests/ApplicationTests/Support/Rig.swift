import Kernel
import Wire

/// A links policy without a will: what the driver takes in is up at once, under the identity the transport names.
struct ScriptedLinks: LinksPolicy {
    struct State: Codable, Sendable {
        struct Route: Codable, Sendable {
            let peer: Identity
            let link: LinkID
        }

        var routes: [Route] = []
    }

    var state = State()

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {}
    mutating func dialled(_ link: Link, _ context: inout Context) {}
    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {}

    mutating func accepted(_ link: Link, _ context: inout Context) {
        guard let peer = link.transportIdentity else { return }
        state.routes.append(.init(peer: peer, link: link.id))
        context.markUp(link.id, peer: peer)
    }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        state.routes.removeAll { $0.link == link.id }
        context.close(link.id, end.reason, by: .transport)
    }

    func route(to peer: Identity) -> LinkID? { state.routes.last { $0.peer == peer }?.link }
}

struct NoLiveness: LivenessPolicy {
    var state = NoState()
}

struct NoBlocks: ConsensusPolicy {
    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 0) }
}

struct NoSigner: Signer {
    let identity: Identity
    func sign(_ bytes: [UInt8]) -> Signature { .none }
}

/// Node 0 with one application and a driver that does what a test says.
final class Rig {
    struct Sent: Equatable {
        let link: LinkID
        let message: Message
    }

    private let node: Node
    private(set) var now = Instant.zero
    var events: [Event] = []
    var sent: [Sent] = []

    init(_ module: some WorkloadPolicy, seed: UInt64 = 1) {
        let network = NetworkView(
            name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1), minimumMasternodes: 1,
            masternodes: []
        )
        self.node = Node(
            NodeConfiguration(
                network: network, endpoint: Self.endpoint(0), signer: NoSigner(identity: Self.identity(0)), seed: seed,
                connectTimeout: .seconds(1),
                modules: PolicySet(
                    links: ScriptedLinks(), liveness: NoLiveness(), consensus: NoBlocks(), discovery: [],
                    workloads: [module]
                )
            )
        )
    }

    static func identity(_ number: Int) -> Identity { Identity(key: Bytes32(UInt64(number) + 1, 0, 0, 0)) }

    static func endpoint(_ number: Int) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 0x7f00_0001 + UInt32(number)), port: 24100)
    }

    var nextDeadline: Instant? { node.nextDeadline }

    func start() { feed(.start) }

    @discardableResult
    func link(to peer: Int) -> LinkID {
        let id = node.admit(from: Self.endpoint(peer), at: now)
        feed(.accepted(id, identity: Self.identity(peer)))
        return id
    }

    func receive(_ message: Message, over link: LinkID) { feed(.received(link, message)) }

    func advance(to instant: Instant) {
        while let deadline = nextDeadline, deadline <= instant {
            now = max(now, deadline)
            feed(.wake)
        }
        now = max(now, instant)
    }

    func advance(by duration: Duration) { advance(to: now + duration) }

    /// Time passes without the node being woken: its process is stalled.
    func stall(for duration: Duration) { now = now + duration }

    private func feed(_ input: Input) {
        node.handle(input, at: now, wall: WallTime(milliseconds: now.nanoseconds / 1_000_000))
        for effect in node.effects {
            switch effect {
            case .observe(let event): events.append(event)
            case .send(let link, let message): sent.append(Sent(link: link, message: message))
            default: break
            }
        }
        node.effects = []
    }
}

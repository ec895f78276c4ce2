import Kernel
import Wire

@testable import VoteChain

/// Node 0 of four masternodes; node *n* leads slot *n*. Its store answers when the test says so, its verifier at once.
final class Rig {
    static let network = NetworkView(
        name: "test", genesis: WallTime(milliseconds: 1_700_000_000_000), slotInterval: .seconds(10),
        minimumMasternodes: 1,
        masternodes: (0..<4).map { .init(name: "node \($0)", identity: identity($0), endpoint: nil) }
    )

    private let node: Node
    private let startSlot: UInt64
    private var now = Instant.zero
    private(set) var sent: [VoteChainMessage] = []
    private(set) var writes: [(batch: StoreBatch, token: WriteToken)] = []

    /// A process that starts in the middle of `startSlot` with this row in its store, and is linked with all others.
    init(startSlot: UInt64 = 0, row: StoreRow? = nil) {
        self.startSlot = startSlot
        node = Node(
            NodeConfiguration(
                network: Self.network, endpoint: Self.endpoint(0), signer: TestSigner(identity: Self.identity(0)),
                seed: 1, connectTimeout: .seconds(1),
                modules: PolicySet(
                    links: OpenLinks(), liveness: NoLiveness(), consensus: VoteChain(), discovery: [])
            )
        )
        feed(.start, row)
        for number in 1..<4 {
            feed(.accepted(node.admit(from: Self.endpoint(number), at: now), identity: Self.identity(number)))
        }
    }

    var status: ChainStatus { node.chainStatus }
    var votes: [Vote] { sent.compactMap { if case .vote(let vote) = $0 { vote } else { nil } } }

    static func identity(_ number: Int) -> Identity { Identity(key: Bytes32(UInt64(number) + 1, 2, 3, 4)) }

    static func endpoint(_ number: Int) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 0xc000_0201 + UInt32(number)), port: 24_100)
    }

    /// Time passes up to the middle of a slot.
    func advance(toSlot slot: UInt64) {
        let end = Instant.zero + .seconds(10) * Int(slot - startSlot)
        while let deadline = node.nextDeadline, deadline <= end {
            now = max(now, deadline)
            feed(.wake)
        }
        now = end
    }

    /// The peer at a link says this; the verifier finds every signature good.
    func receive(_ message: VoteChainMessage) {
        guard let link = node.route(to: Self.identity(1)) else { return }
        feed(.received(link, Message(message)))
    }

    /// The last write is durable, or it fails.
    func answerWrite(_ failure: StoreFailure? = nil) {
        guard let token = writes.last?.token else { return }
        feed(failure.map { Input.persistFailed(token, $0) } ?? .persisted(token))
    }

    private func feed(_ input: Input, _ row: StoreRow? = nil) {
        let wall = Self.network.genesis.milliseconds + Int64(startSlot) * 10_000 + 5000 + now.nanoseconds / 1_000_000
        node.handle(input, at: now, wall: WallTime(milliseconds: wall))
        let effects = node.effects
        node.effects = []
        for effect in effects {
            switch effect {
            case .send(_, .module(let envelope)):
                if let message = envelope.value(as: VoteChainMessage.self) { sent.append(message) }
            case .persist(_, let batch, let token): writes.append((batch, token))
            case .read(_, _, let token): feed(.rows(token, StoreAnswer(row.map { [$0] } ?? [])))
            case .verify(let checks, let token):
                feed(.verified(token, .checked(SignatureVerdicts(repeating: true, count: checks.count))))
            default: break
            }
        }
    }
}

private struct TestSigner: Signer {
    let identity: Identity

    func sign(_ bytes: [UInt8]) -> Signature { Signature(upper: identity.key, lower: identity.key) }
}

private struct NoLiveness: LivenessPolicy {
    var state = NoState()
}

/// What is accepted is up at once, under the identity that the transport names.
private struct OpenLinks: LinksPolicy {
    struct Route: Codable, Sendable {
        let peer: Identity
        let link: LinkID
    }

    var state: [Route] = []

    mutating func accepted(_ link: Link, _ context: inout Context) {
        guard let peer = link.transportIdentity else { return }
        state.append(Route(peer: peer, link: link.id))
        context.markUp(link.id, peer: peer)
    }

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {}
    mutating func dialled(_ link: Link, _ context: inout Context) {}
    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {}
    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {}

    func route(to peer: Identity) -> LinkID? { state.last { $0.peer == peer }?.link }
}

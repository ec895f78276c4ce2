import Application
import Collections
import Consensus
import Kernel
import Profile
import Wire

/// links `adversary`: dials masternodes without being wanted by anybody, at regular intervals and for ever, and does to
/// them what its kind says.
///
/// Its bounds are those that the nodes set: it closes nothing by itself.
public struct AdversaryLinks: LinksPolicy {
    let adversary: Adversary
    public var state = State()

    init(_ adversary: Adversary) {
        self.adversary = adversary
    }

    /// What it remembers.
    public struct State: Codable, Sendable {
        var attempts = 0
        /// Whom it says it is, by connection.
        var claims: OrderedDictionary<LinkID, Identity> = [:]
        /// The last signature that each masternode gave it, as bytes.
        var signatures: OrderedDictionary<Identity, [UInt8]> = [:]
    }

    /// Time for the next connection.
    public enum Timer: PolicyTimer {
        case attack

        public var code: TimerCode { TimerCode(kind: 1) }

        public init?(code: TimerCode) {
            guard code.kind == 1 else { return nil }
            self = .attack
        }
    }

    public mutating func start(_ context: inout Context) {
        context.schedule(Timer.attack, after: adversary.interval)
    }

    public mutating func fired(_ timer: Timer, _ context: inout Context) {
        context.schedule(Timer.attack, after: adversary.interval)
        // Where the network file does not say where a masternode is, an adversary that learns nothing cannot dial it.
        let targets = context.network.masternodes.filter {
            $0.endpoint != nil && (adversary.target == nil || $0.name == adversary.target)
        }
        guard !targets.isEmpty else { return }
        let target = targets[state.attempts % targets.count]
        state.attempts += 1
        guard let endpoint = target.endpoint else { return }
        let link = context.open(endpoint, expecting: nil)
        let others = context.network.masternodes.filter { $0.identity != target.identity }
        guard !others.isEmpty else { return }
        state.claims[link] = others[state.attempts % others.count].identity
    }

    public mutating func dialled(_ link: Link, _ context: inout Context) {
        switch adversary.kind {
        case .silent: break
        case .garbage:
            for message in Self.nonsense(state.attempts, hello(as: context.identity, context)) {
                context.send(message, over: link.id)
            }
        case .impostor, .replay:
            guard let claim = state.claims[link.id] else { return }
            context.send(.hello(hello(as: claim, context)), over: link.id)
        }
    }

    /// Each dial is the first one of a new process: nothing that the peer remembers speaks against it.
    private func hello(as identity: Identity, _ context: borrowing Context) -> Hello {
        Hello(
            version: Hello.currentVersion, network: context.network.name, identity: identity,
            incarnation: context.incarnation &+ UInt64(state.attempts), dialSequence: 1, endedSequence: 0,
            listen: context.endpoint, nonce: UInt64(state.attempts)
        )
    }

    /// What nobody asked for, one kind a dial.
    private static func nonsense(_ number: Int, _ hello: Hello) -> [Message] {
        var older = hello
        older.version = 0
        let answer = HelloAck(
            refusal: nil, identity: hello.identity, incarnation: 1, nonce: 1, signature: .none
        )
        let longest = Channel.links.limit + 1
        let list: [[Message]] = [
            [.ready], [.proof(Proof(signature: .none))], [.helloAck(answer)], [.ping(nonce: 1)],
            [Message(SlotLeaderMessage.getBlocks(from: 0, limit: .max))],
            [Message(TrafficMessage.request(id: 1, padding: UInt32(Channel.application.limit + 1)))],
            [.module(RawEnvelope(channel: .links, scope: 1, kind: 1, body: Array(repeating: 255, count: longest)))],
            [.hello(hello), .hello(hello)], [.hello(older)],
        ]
        return list[number % list.count]
    }

    public mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        switch message {
        case .helloAck(let ack) where ack.refusal == nil: answer(ack, link, &context)
        case .ready: context.markUp(link, peer: context.identity)
        case .goodbye(let reason): close(link, reason, &context)
        default: break
        }
    }

    /// Brings the proof that is wanted, as well as it can. Where none is wanted the acceptor's word is enough, or wants an
    /// answer: it tries the one and the other.
    private mutating func answer(_ ack: HelloAck, _ link: LinkID, _ context: inout Context) {
        guard let claim = state.claims[link] else { return }
        guard ack.signature != .none else {
            if state.attempts % 2 == 0 { context.send(.ready, over: link) }
            context.markUp(link, peer: ack.identity)
            return
        }
        state.signatures[ack.identity] = ack.signature.bytes
        let heard = adversary.kind == .replay ? state.signatures[claim].flatMap { Signature($0) } : nil
        context.send(.proof(Proof(signature: heard ?? context.sign(claim.key.bytes))), over: link)
    }

    private mutating func close(_ link: LinkID, _ reason: Reason, _ context: inout Context) {
        state.claims.removeValue(forKey: link)
        context.close(link, reason, by: .peer)
    }

    public mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {
        state.claims.removeValue(forKey: link.id)
    }

    public mutating func accepted(_ link: Link, _ context: inout Context) { context.close(link.id, .notWanted) }

    public mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        close(link.id, end.reason, &context)
    }

    public mutating func wanted(
        _ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context
    ) {}

    public func route(to peer: Identity) -> LinkID? { nil }

    /// What the laboratory's registry knows of this module.
    public static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.links.rawValue, id: "adversary", version: "1.0.0", stability: .development,
            summary: "dials masternodes and means them ill: for scenarios only",
            posture: "hostile; it has no key but its own", options: Adversary.spec
        ),
        factory: .links { AdversaryLinks(Adversary($0)) }
    )
}

import Kernel
import Wire

@testable import Links

/// Node 0 with the links policy under test, and a driver that does what a test says.
final class Rig {
    private(set) var now = Instant.zero
    private(set) var events: [Event] = []
    /// Everything the node asked its driver for, in order.
    private(set) var effects: [Effect] = []
    let node: Node

    init(_ links: some LinksPolicy, wishes: [Wish] = [], passEvery interval: Duration? = nil, peers: Int = 6) {
        self.node = Node(
            NodeConfiguration(
                network: Fixture.network(of: (0..<peers).map { Fixture.identity($0) }), endpoint: Fixture.endpoint(0),
                signer: HashSigner(identity: Fixture.identity(0)), seed: 1, connectTimeout: .seconds(10),
                modules: PolicySet(
                    links: links, liveness: SilentLiveness(), consensus: NoBlocks(),
                    discovery: [FixedWishes(wishes: wishes, interval: interval)]
                )
            )
        )
    }

    // MARK: What happens to the node

    func start() { feed(.start) }

    func feed(_ input: Input) {
        node.handle(input, at: now, wall: WallTime(milliseconds: now.nanoseconds / 1_000_000))
        for effect in node.effects {
            effects.append(effect)
            if case .observe(let event) = effect { events.append(event) }
        }
        node.effects = []
    }

    /// Goes over to another list of masternodes, with the same modules.
    func reload(network: NetworkView) throws {
        try node.reload(
            node.configuration.modules, network: network, at: now,
            wall: WallTime(milliseconds: now.nanoseconds / 1_000_000)
        )
        feed(.wake)
    }

    /// Lets time pass; the node is woken at each of its deadlines.
    func advance(by duration: Duration) {
        let target = now + duration
        while let deadline = node.nextDeadline, deadline <= target {
            now = max(now, deadline)
            feed(.wake)
        }
        now = target
    }

    /// Another process connects.
    @discardableResult
    func accept(from number: Int, proven: Identity? = nil) -> LinkID {
        let id = node.admit(from: Fixture.source(of: number), at: now)
        feed(.accepted(id, identity: proven))
        return id
    }

    func receive(_ message: Message, over link: LinkID) { feed(.received(link, message)) }

    /// Another module of the node reports a peer whose link is up.
    func report(_ misbehaviour: Misbehaviour, of number: Int) {
        guard let link = node.table.newestUp(with: Fixture.identity(number)) else { return }
        receive(SilentLiveness.report(misbehaviour), over: link.id)
    }

    /// An accepted link of `number` that is up, for the style `ack`.
    func acceptLinked(_ number: Int, incarnation: UInt64 = 1, dial: UInt64 = 1, ended: UInt64 = 0) -> LinkID {
        let id = accept(from: number)
        receive(.hello(Fixture.hello(from: number, incarnation: incarnation, dial: dial, ended: ended)), over: id)
        return id
    }

    // MARK: What the node did

    /// The newest dial to `number` that has not ended.
    func dial(to number: Int) -> LinkID? {
        node.table.entries.last { $0.direction == .dialled && $0.remote == Fixture.endpoint(number) }?.id
    }

    /// Every dial to `number`, by the moment it began.
    func dialCount(to number: Int) -> Int {
        events.count {
            if case .dialStarted(_, let endpoint, _) = $0 { endpoint == Fixture.endpoint(number) } else { false }
        }
    }

    /// Lets time pass until the next dial to `number`, at most `limit`.
    /// - Returns: how long it took.
    func waitForDial(to number: Int, atMost limit: Duration) -> Duration? {
        let before = dialCount(to: number)
        let start = now
        while dialCount(to: number) == before {
            guard let deadline = node.nextDeadline, deadline <= start + limit else { return nil }
            now = max(now, deadline)
            feed(.wake)
        }
        return now - start
    }

    func sent(over link: LinkID) -> [Message] {
        effects.compactMap { if case .send(link, let message) = $0 { message } else { nil } }
    }

    func isUp(_ link: LinkID) -> Bool { node.table[link]?.phase == .up }

    /// Why a link ended, as the node told the outside.
    func endReason(of link: LinkID) -> Reason? {
        events.compactMap { if case .linkEnded(link, _, _, let reason, _, _, _) = $0 { reason } else { nil } }.last
    }

    func isClosed(_ link: LinkID) -> Bool {
        effects.contains { if case .close(link, _) = $0 { true } else { false } }
    }

    func hasSentEnd(over link: LinkID) -> Bool {
        effects.contains { if case .shutdownWrite(link) = $0 { true } else { false } }
    }

    /// Answers every signature check asked for so far that has no answer yet, all as `holds` says or as they hold.
    func answerChecks(holds: Bool? = nil) {
        let open = effects.compactMap {
            if case .verify(let checks, let token) = $0, token > lastAnswered { (checks, token) } else { nil }
        }
        for (checks, token) in open {
            lastAnswered = token
            let verdicts = checks.map { holds ?? HashSigner.holds($0) }
            feed(.verified(token, .checked(SignatureVerdicts(verdicts))))
        }
    }

    private var lastAnswered = Token(number: 0)
}

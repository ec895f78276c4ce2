import Kernel
import Store
import Wire

@testable import Consensus

/// One node and a driver that does what a test says.
///
/// At `Instant.zero` the wall clock stands one second before the genesis, unless said otherwise.
final class Rig {
    struct Sent {
        let link: LinkID
        let peer: Int
        let message: Message
    }

    let number: Int
    let network: TestNetwork
    let node: Node
    let store: MemoryStore
    private(set) var now = Instant.zero
    var events: [Event] = []
    var sent: [Sent] = []
    var batches: [StoreBatch] = []
    /// What became of transactions, in the order of the answers.
    var answered: [SubmissionResult] = []
    var checks: [[SignatureCheck]] = []
    /// Why the store refuses what it is asked; nil where it does not.
    var refusal: (Effect) -> StoreFailure? = { _ in nil }
    /// Whether the store and the verifier answer by themselves; else their answers wait in `answers`.
    var answersByItself = true
    var answers: [Input] = []
    /// How far the wall clock is ahead of the right time.
    var clockError = Duration.zero
    /// How late a timer fires, as it does on every machine.
    var lateness = Duration.zero
    private let wallAtStart: Int64
    private var links: [(id: LinkID, peer: Int)] = []

    init(
        _ number: Int, of network: TestNetwork, options: SlotLeaderOptions = SlotLeaderOptions(),
        application: (any ApplicationPolicy)? = nil, store: MemoryStore = MemoryStore(),
        wallAfterGenesis: Duration = .seconds(-1)
    ) {
        self.number = number
        self.network = network
        self.store = store
        self.wallAtStart = TestNetwork.genesis.milliseconds + wallAfterGenesis.nanoseconds / 1_000_000
        self.node = Node(
            NodeConfiguration(
                network: network.view, endpoint: TestNetwork.endpoint(number),
                signer: KeyedSigner(identity: TestNetwork.identity(number)), seed: UInt64(number),
                connectTimeout: .seconds(1),
                modules: PolicySet(
                    links: ScriptedLinks(), liveness: NoLiveness(), consensus: SlotLeader(options: options),
                    discovery: [], application: application
                )
            )
        )
    }

    var status: ChainStatus { node.chainStatus }
    var tip: ChainTip { ChainTip(height: status.height, hash: status.hash) }

    func start() { feed(.start) }

    func link(to peer: Int) {
        let id = node.admit(from: TestNetwork.endpoint(peer), at: now)
        links.append((id, peer))
        feed(.accepted(id, identity: TestNetwork.identity(peer)))
    }

    func unlink(_ peer: Int) {
        guard let id = linkID(of: peer) else { return }
        links.removeAll { $0.id == id }
        feed(.ended(id, .failed(.reset)))
    }

    func linkID(of peer: Int) -> LinkID? { links.last { $0.peer == peer }?.id }

    func receive(_ message: Message, from peer: Int) {
        guard let id = linkID(of: peer) else { return }
        feed(.received(id, message))
    }

    /// Lets time pass; the node is woken at each of its deadlines.
    func advance(to instant: Instant) {
        while let deadline = node.nextDeadline, deadline <= instant {
            now = max(now, deadline + lateness)
            feed(.wake)
        }
        now = max(now, instant)
    }

    func advance(by duration: Duration) { advance(to: now + duration) }

    /// To the first moment of `slot` by the right time, which must lie ahead.
    func advance(toSlot slot: UInt64) {
        advance(to: .zero + .milliseconds(network.start(of: slot) - wallAtStart))
    }

    /// Gives the answers that were held back.
    func answer() {
        while !answers.isEmpty { feed(answers.removeFirst()) }
    }

    func feed(_ input: Input) {
        var inputs = [input]
        while !inputs.isEmpty {
            let next = inputs.removeFirst()
            let wall = WallTime(milliseconds: wallAtStart + (now - .zero + clockError).nanoseconds / 1_000_000)
            node.handle(next, at: now, wall: wall)
            let effects = node.effects
            node.effects = []
            for effect in effects {
                guard let answer = carryOut(effect) else { continue }
                if answersByItself { inputs.append(answer) } else { answers.append(answer) }
            }
        }
    }

    /// What was sent to `peer` since the last time.
    func takeSent(to peer: Int) -> [Message] {
        let messages = sent.filter { $0.peer == peer }.map(\.message)
        sent.removeAll { $0.peer == peer }
        return messages
    }

    private func carryOut(_ effect: Effect) -> Input? {
        switch effect {
        case .observe(let event): events.append(event)
        case .answer(_, let result): answered.append(result)
        case .send(let link, let message):
            if let peer = links.first(where: { $0.id == link })?.peer {
                sent.append(Sent(link: link, peer: peer, message: message))
            }
        case .persist, .read:
            if case .persist(_, let batch, _) = effect { batches.append(batch) }
            return refusal(effect).flatMap { effect.storeFailed($0) } ?? store.carryOut(effect)
        case .verify(let batch, let token):
            checks.append(batch)
            return .verified(token, .checked(SignatureVerdicts(batch.map { KeyedSigner.holds($0) })))
        default: break
        }
        return nil
    }
}

extension Rig {
    /// Where the module keeps its rows.
    static let space = StoreSpace(
        StoreSpace.Name(role: "consensus", module: "0"), format: SlotLeader.storeFormat
    )

    /// The chain as it lies in the store.
    var storedChain: [Block] {
        let rows = try? store.read(.range(StoreRange(table: BlockRecord.table), bytes: .max), in: Self.space).rows
        return (rows ?? []).compactMap { try? BlockRecord.decode($0.value) }
    }

    var rejections: [BlockRejection] {
        events.compactMap { if case .blockRejected(_, let cause) = $0 { cause } else { nil } }
    }

    var skips: [SkipCause] {
        events.compactMap { if case .ownSlotSkipped(_, let cause) = $0 { cause } else { nil } }
    }

    /// Slots for which somebody was seen to sign twice.
    var equivocations: [UInt64] {
        events.compactMap { if case .equivocated(_, let slot) = $0 { slot } else { nil } }
    }

    var errorNotes: [String] {
        events.compactMap { if case .note(.error, let text) = $0 { text } else { nil } }
    }

    var drops: [DropCause] {
        events.compactMap { if case .messageDropped(_, _, let cause) = $0 { cause } else { nil } }
    }

    var reorganisations: Int { events.count { if case .reorganised = $0 { true } else { false } } }

    var producedSlots: [UInt64] {
        events.compactMap { if case .blockProduced(_, _, let slot) = $0 { slot } else { nil } }
    }

    var acceptedHeights: [UInt64] {
        events.compactMap { if case .blockAccepted(let height, _, _) = $0 { height } else { nil } }
    }
}

// The module's messages, as tests write and read them.
extension Message {
    static func tip(height: UInt64, hash: BlockHash) -> Message {
        Message(SlotLeaderMessage.tip(height: height, hash: hash))
    }

    static func block(_ block: Block) -> Message { Message(SlotLeaderMessage.block(block)) }

    static func blocks(_ blocks: [Block]) -> Message { Message(SlotLeaderMessage.blocks(blocks)) }

    static func getBlocks(from height: UInt64, limit: UInt32) -> Message {
        Message(SlotLeaderMessage.getBlocks(from: height, limit: limit))
    }

    var content: SlotLeaderMessage? {
        if case .module(let envelope) = self { envelope.value(as: SlotLeaderMessage.self) } else { nil }
    }

    var block: Block? { if case .block(let block) = content { block } else { nil } }
    var blocks: [Block]? { if case .blocks(let blocks) = content { blocks } else { nil } }
    var tip: ChainTip? {
        if case .tip(let height, let hash) = content { ChainTip(height: height, hash: hash) } else { nil }
    }
    var getBlocksFrom: UInt64? { if case .getBlocks(let from, _) = content { from } else { nil } }
}

extension Block {
    var hash: BlockHash { HeldBlock(self).hash }
    var tip: ChainTip { HeldBlock(self).tip }
    var tipMessage: Message { .tip(height: height, hash: hash) }
}

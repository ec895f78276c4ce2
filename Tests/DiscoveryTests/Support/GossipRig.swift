import Kernel
import Store
import Wire

@testable import Discovery

/// A module that writes down what it is offered.
struct OfferListener: DiscoveryPolicy {
    struct State: Codable, Sendable {
        var offers: [[Candidate]] = []
    }

    var state = State()
    let record: ([Candidate]) -> Void

    mutating func offered(_ candidates: [Candidate], by source: Int, _ context: inout Context) { record(candidates) }
}

/// Signatures that a test can make for anybody.
struct PlainSigner: Signer {
    let identity: Identity

    func sign(_ bytes: [UInt8]) -> Signature { Self.signature(of: bytes, by: identity) }

    static func signature(of bytes: [UInt8], by identity: Identity) -> Signature {
        let hash = bytes.reduce(identity.key.prefix64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
        return Signature(upper: Bytes32(hash, 1, 2, 3), lower: Bytes32(4, 5, 6, 7))
    }
}

/// Node 0 with `gossip`, whoever listens to it, a store and a clock.
final class GossipRig {
    static let genesis: Int64 = 1_765_929_600_000

    private(set) var sent: [(link: LinkID, message: Message)] = []
    private(set) var events: [Event] = []
    private(set) var offers: [[Candidate]] = []
    private(set) var wanted: [RecordingLinks.State.Call] = []
    private(set) var now = Instant.zero
    var wallStart = GossipRig.genesis
    /// Answers to reads and writes are failures.
    var isStoreBroken = false
    /// Signature checks wait for `answerChecks`.
    var holdsChecks = false
    /// The store writes, and says so to nobody.
    var holdsWrites = false
    private var held: [Input] = []
    private let store: MemoryStore
    private let beside: [any DiscoveryPolicy]
    private(set) var node: Node?

    init(
        _ options: GossipOptions = GossipOptions(), masternodes: Int = 4, store: MemoryStore = MemoryStore(),
        seed: UInt64 = 1, endpoint: Endpoint = GossipRig.endpoint(0), beside: [any DiscoveryPolicy] = []
    ) {
        self.store = store
        self.beside = beside
        let network = NetworkView(
            name: "test", genesis: WallTime(milliseconds: Self.genesis), slotInterval: .seconds(1),
            minimumMasternodes: 1,
            masternodes: (0..<masternodes).map {
                .init(name: "node \($0)", identity: Rig.identity($0), endpoint: nil)
            }
        )
        node = Node(
            NodeConfiguration(
                network: network, endpoint: endpoint, signer: PlainSigner(identity: Rig.identity(0)), seed: seed,
                connectTimeout: .seconds(1), modules: modules(options)
            )
        )
    }

    private func modules(_ options: GossipOptions) -> PolicySet {
        let listener = OfferListener { [unowned self] in offers.append($0) }
        let links = RecordingLinks { [unowned self] in wanted.append($0) }
        return PolicySet(
            links: links, liveness: NoLiveness(), consensus: NoBlocks(),
            discovery: [Gossip(options: options), listener] + beside
        )
    }

    /// Addresses of many groups; low numbers are masternodes.
    static func endpoint(_ number: Int) -> Endpoint {
        Endpoint(
            ip: IPAddress(version4: UInt32(20 + number / 200) << 24 | UInt32(number % 200) << 16 | 1), port: 24_100)
    }

    /// A record as its owner would sign it; `change` comes before the signature.
    static func record(_ number: Int, sequence: UInt64 = 1, _ change: (inout AddressRecord) -> Void = { _ in })
        -> AddressRecord
    {
        var record = AddressRecord(
            network: "test", identity: Rig.identity(number), endpoints: [endpoint(number)], sequence: sequence,
            expires: genesis + 86_400_000, signature: .none
        )
        change(&record)
        record.signature = PlainSigner.signature(of: record.signedBytes, by: record.identity)
        return record
    }

    // MARK: What a test can do

    func start() { feed(.start) }

    /// `peer` dials us.
    @discardableResult
    func accept(_ peer: Int) -> LinkID {
        let id = node?.admit(from: Self.endpoint(peer), at: now) ?? LinkID(number: 0)
        feed(.accepted(id, identity: Rig.identity(peer)))
        return id
    }

    /// Every dial under way to `peer` comes up.
    func connect(_ peer: Int) {
        for link in node?.table.entries ?? [] where link.remote == Self.endpoint(peer) && link.phase == .connecting {
            feed(.opened(link.id, identity: Rig.identity(peer)))
        }
    }

    /// Every dial under way to `endpoint` fails.
    func fail(_ endpoint: Endpoint, _ reason: Reason = .connectionRefused) {
        for link in node?.table.entries ?? [] where link.remote == endpoint && link.phase == .connecting {
            feed(.openFailed(link.id, reason))
        }
    }

    func end(_ link: LinkID) { feed(.ended(link, .endOfStream)) }

    func receive(_ message: Message, over link: LinkID) { feed(.received(link, message)) }

    func tell(_ records: [AddressRecord], over link: LinkID) { receive(.addresses(records), over: link) }

    func advance(by duration: Duration) {
        let target = now + duration
        while let deadline = node?.nextDeadline, deadline <= target {
            now = max(now, deadline)
            feed(.wake)
        }
        now = target
    }

    var nextDeadline: Instant? { node?.nextDeadline }

    func shutDown() { feed(.shutdown) }

    /// The profile is read anew.
    func reload(_ options: GossipOptions) throws {
        guard let node else { return }
        try node.reload(modules(options), network: node.configuration.network, at: now, wall: wall)
        take()
    }

    func answerChecks() {
        let inputs = held
        held = []
        for input in inputs { feed(input) }
    }

    func clear() {
        sent = []
        events = []
        offers = []
        wanted = []
    }

    // MARK: What a test can see

    func records(to link: LinkID) -> [[AddressRecord]] {
        sent.compactMap {
            if $0.link == link, case .addresses(let records) = $0.message.gossip { records } else { nil }
        }
    }

    func hasAsked(_ link: LinkID) -> Bool {
        sent.contains { $0.link == link && $0.message.gossip?.kind == .getAddresses }
    }

    var refusals: [AddressRefusal] {
        events.compactMap { if case .addressRefused(_, _, let cause) = $0 { cause } else { nil } }
    }

    var stateBytes: Int { (try? node?.snapshots().map(\.state.count).reduce(0, +)) ?? 0 }

    // MARK: The driver

    private var wall: WallTime { WallTime(milliseconds: wallStart + now.nanoseconds / 1_000_000) }

    private func feed(_ input: Input) {
        node?.handle(input, at: now, wall: wall)
        take()
    }

    private func take() {
        guard let node else { return }
        let effects = node.effects
        node.effects = []
        for effect in effects {
            switch effect {
            case .observe(let event): events.append(event)
            case .send(let link, let message): sent.append((link, message))
            case .persist, .read:
                let failure = StoreFailure(code: .failed, message: "broken")
                guard let answer = isStoreBroken ? effect.storeFailed(failure) : store.carryOut(effect) else {
                    continue
                }
                if case .persist = effect, holdsWrites { continue }
                feed(answer)
            case .verify(let checks, let token):
                let verdicts = checks.map { PlainSigner.signature(of: $0.bytes, by: $0.identity) == $0.signature }
                let answer = Input.verified(token, .checked(SignatureVerdicts(verdicts)))
                if holdsChecks { held.append(answer) } else { feed(answer) }
            default: break
            }
        }
    }
}

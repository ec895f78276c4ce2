import Wire

@testable import Kernel

/// What scripted policies write down, in order.
final class Log {
    var lines: [String] = []
}

/// Brings a link up when it is accepted or open, with the identity that the transport proved.
struct ScriptedLinks: LinksPolicy {
    var state = NoState()
    let log: Log
    var onDead: (Link, inout Context) -> Void = { link, context in context.close(link.id, .silent) }

    mutating func start(_ context: inout Context) { log.lines.append("links start") }

    mutating func shutdown(_ context: inout Context) { log.lines.append("links shutdown") }

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {
        log.lines.append("wanted \(wishes.count) \(pass.rawValue)")
        for wish in wishes { _ = context.open(wish.endpoint, expecting: wish.identity) }
    }

    mutating func dialled(_ link: Link, _ context: inout Context) { bringUp(link, &context) }

    mutating func accepted(_ link: Link, _ context: inout Context) { bringUp(link, &context) }

    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {
        log.lines.append("dial failed \(reason.rawValue)")
    }

    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        log.lines.append("links received")
        if case .goodbye(let reason) = message { context.halfClose(link, reason, by: .peer) }
    }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        log.lines.append("ended \(end.reason.rawValue)")
    }

    mutating func dead(_ link: Link, _ reason: Reason, _ context: inout Context) {
        log.lines.append("dead \(reason.rawValue)")
        onDead(link, &context)
    }

    func route(to peer: Identity) -> LinkID? { LinkID(number: peer.key.prefix64) }

    private func bringUp(_ link: Link, _ context: inout Context) {
        if let peer = link.transportIdentity { context.markUp(link.id, peer: peer) }
    }
}

/// Does in each callback what the test says.
struct ScriptedModule: LivenessPolicy, ConsensusPolicy, DiscoveryPolicy, WorkloadPolicy, PersistingPolicy {
    enum Timer: PolicyTimer {
        case at(UInt64)

        var code: TimerCode {
            switch self {
            case .at(let number): TimerCode(kind: 1, subject: number)
            }
        }

        init?(code: TimerCode) { self = .at(code.subject) }
    }

    var state = NoState()
    let name: String
    let log: Log
    var onStart: (inout Context) -> Void = { _ in }
    var onMessage: (Message, LinkID, inout Context) -> Void = { _, _, _ in }
    var onTimer: (UInt64, inout Context) -> Void = { _, _ in }
    var onPersisted: (WriteToken, inout Context) -> Void = { _, _ in }
    var observesTraffic: Bool { name == "liveness" }
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 0) }

    mutating func start(_ context: inout Context) {
        log.lines.append("\(name) start")
        onStart(&context)
    }

    mutating func shutdown(_ context: inout Context) { log.lines.append("\(name) shutdown") }

    mutating func linkUp(_ link: Link, _ context: inout Context) { log.lines.append("\(name) up \(link.id)") }

    mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        log.lines.append("\(name) down \(link.id) \(reason.rawValue)")
    }

    mutating func heard(_ link: LinkID, _ context: inout Context) { log.lines.append("\(name) heard \(link)") }

    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        log.lines.append("\(name) received")
        onMessage(message, link, &context)
    }

    mutating func take(_ envelope: ModuleEnvelope, from link: LinkID, _ context: inout Context) -> Reception {
        received(.module(envelope), from: link, &context)
        return .taken(unknownFields: 0)
    }

    mutating func fired(_ timer: Timer, _ context: inout Context) {
        guard case .at(let number) = timer else { return }
        log.lines.append("\(name) fired \(number)")
        onTimer(number, &context)
    }

    mutating func offered(_ candidates: [Candidate], by source: Int, _ context: inout Context) {
        log.lines.append("\(name) offered \(candidates.count)")
    }

    static var storeFormat: UInt32 { 1 }

    mutating func persisted(_ token: WriteToken, _ context: inout Context) {
        log.lines.append("\(name) persisted")
        onPersisted(token, &context)
    }

    mutating func persistFailed(_ failure: StoreFailure, _ token: WriteToken, _ context: inout Context) {
        log.lines.append("\(name) persist failed: \(failure)")
    }

    mutating func rows(_ answer: StoreAnswer, _ token: Token, _ context: inout Context) {
        log.lines.append("\(name) rows \(answer.rows.count)")
    }

    mutating func readFailed(_ failure: StoreFailure, _ token: Token, _ context: inout Context) {
        log.lines.append("\(name) read failed: \(failure)")
    }

    mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {
        log.lines.append("\(name) verified \(verification)")
    }
}

/// A node of scripted policies.
final class ScriptedNode {
    let log: Log
    let node: Node
    var now = Instant.zero
    /// What the last input made the node ask for.
    private(set) var effects: [Effect] = []

    init(seed: UInt64 = 1, _ script: (inout ScriptedModule) -> Void = { _ in }) {
        let log = Log()
        self.log = log
        var consensus = ScriptedModule(name: "consensus", log: log)
        script(&consensus)
        node = Node(
            Self.configuration(
                seed: seed,
                PolicySet(
                    links: ScriptedLinks(log: log), liveness: ScriptedModule(name: "liveness", log: log),
                    consensus: consensus, discovery: [ScriptedModule(name: "discovery", log: log)],
                    workloads: [ScriptedModule(name: "application", log: log)]
                )
            )
        )
    }

    static func configuration(seed: UInt64, _ modules: PolicySet) -> NodeConfiguration {
        NodeConfiguration(
            network: NetworkView(
                name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1), minimumMasternodes: 1,
                masternodes: []
            ),
            endpoint: endpoint(0), signer: SilentSigner(identity: identity(0)), seed: seed,
            connectTimeout: .seconds(1), modules: modules
        )
    }

    static func identity(_ number: UInt64) -> Identity { Identity(key: Bytes32(number, 0, 0, 0)) }

    static func endpoint(_ number: UInt32) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 0xc000_0200 + number), port: 24_100)
    }

    func feed(_ input: Input) {
        node.handle(input, at: now, wall: WallTime(milliseconds: 0))
        take()
    }

    /// Takes what the node has asked for since the last time.
    func take() {
        effects = node.effects
        node.effects = []
    }

    /// A link that is accepted; up at once where `peer` is proven.
    func accept(_ peer: UInt64?) -> LinkID {
        let id = node.admit(from: Self.endpoint(9), at: now)
        feed(.accepted(id, identity: peer.map { Self.identity($0) }))
        return id
    }

    var sent: [Message] { effects.compactMap { if case .send(_, let message) = $0 { message } else { nil } } }

    var events: [Event] { effects.compactMap { if case .observe(let event) = $0 { event } else { nil } } }

    /// The lines written since the last call.
    func takeLines() -> [String] {
        defer { log.lines = [] }
        return log.lines
    }
}

struct SilentSigner: Signer {
    let identity: Identity

    func sign(_ bytes: [UInt8]) -> Signature { .none }
}

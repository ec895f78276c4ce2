import Kernel
import Wire

@testable import Liveness

/// A node with the detector under test, whose links come up at once, and a peer that answers when a test says so.
final class Rig {
    private(set) var now = Instant.zero
    private(set) var pings: [(link: LinkID, nonce: UInt64, at: Instant)] = []
    private(set) var options: [(link: LinkID, options: SocketOptions)] = []
    /// When and why a link was found dead.
    private(set) var deaths: [(link: LinkID, reason: Reason, at: Instant)] = []
    private(set) var sent: [Message] = []
    /// The same, with the link and the moment of each.
    private(set) var spoken: [(link: LinkID, message: Message, at: Instant)] = []
    private(set) var notes: [String] = []
    /// Answers each ping after this time; nil answers none.
    var answersAfter: Duration?
    private var answers: [(link: LinkID, nonce: UInt64, at: Instant)] = []
    private let node: Node

    /// - Parameters:
    ///   - peerIsMasternode: whether the network file names the peer.
    ///   - masternodes: the peers that it names.
    init(_ liveness: some LivenessPolicy, peerIsMasternode: Bool = false, masternodes: ClosedRange<UInt64>? = nil) {
        let named = masternodes ?? (peerIsMasternode ? 1...1 : nil)
        node = Node(
            NodeConfiguration(
                network: Self.network(named),
                endpoint: Self.endpoint(0), signer: SilentSigner(identity: Self.identity(0)), seed: 1,
                connectTimeout: .seconds(1),
                modules: PolicySet(links: OpenLinks(), liveness: liveness, consensus: NoBlocks(), discovery: [])
            )
        )
        feed(.start)
    }

    private static func network(_ masternodes: ClosedRange<UInt64>?) -> NetworkView {
        NetworkView(
            name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1), minimumMasternodes: 1,
            masternodes: (masternodes.map(Array.init) ?? []).map {
                NetworkView.Masternode(
                    name: "peer \($0)", identity: Self.identity($0), endpoint: Self.endpoint(UInt32($0))
                )
            }
        )
    }

    static func identity(_ number: UInt64) -> Identity { Identity(key: Bytes32(number, 0, 0, 0)) }

    static func endpoint(_ number: UInt32) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 0xc000_0200 + number), port: 24_100)
    }

    /// The profile is read anew, and the network file where it names others now.
    func reload(_ liveness: some LivenessPolicy, masternodes: ClosedRange<UInt64>? = nil) throws {
        let modules = PolicySet(links: OpenLinks(), liveness: liveness, consensus: NoBlocks(), discovery: [])
        let network = masternodes.map { Self.network($0) } ?? node.configuration.network
        try node.reload(modules, network: network, at: now, wall: WallTime(milliseconds: 0))
        take()
    }

    func accept(peer: UInt64 = 1) -> LinkID {
        let id = node.admit(from: Self.endpoint(UInt32(peer)), at: now)
        feed(.accepted(id, identity: Self.identity(peer)))
        return id
    }

    /// The process is about to do long work.
    func announceWork(upTo limit: Duration) { feed(.workAhead(upTo: limit)) }

    func receive(_ message: Message, over link: LinkID) { feed(.received(link, message)) }

    /// A part of a long message comes.
    func feedProgress(of link: LinkID) { feed(.progress(link)) }

    func end(_ link: LinkID, _ reason: Reason = .reset) { feed(.ended(link, .failed(reason))) }

    var nextDeadline: Instant? { node.nextDeadline }

    /// Lets time pass, with answers where they are due.
    func advance(by duration: Duration) {
        let target = now + duration
        while let next = [node.nextDeadline, answers.first?.at].compactMap({ $0 }).min(), next <= target {
            now = max(now, next)
            while let answer = answers.first, answer.at <= now {
                answers.removeFirst()
                feed(.received(answer.link, .pong(nonce: answer.nonce)))
            }
            if let deadline = node.nextDeadline, deadline <= now { feed(.wake) }
        }
        now = target
    }

    /// The process stands still: time passes, and what was due fires once at the end.
    func stall(for duration: Duration) {
        now = now + duration
        if let deadline = node.nextDeadline, deadline <= now { feed(.wake) }
    }

    private func feed(_ input: Input) {
        node.handle(input, at: now, wall: WallTime(milliseconds: 0))
        take()
    }

    private func take() {
        let effects = node.effects
        node.effects = []
        for effect in effects {
            switch effect {
            case .send(let link, .ping(let nonce)):
                pings.append((link, nonce, now))
                if let answersAfter { answers.append((link, nonce, now + answersAfter)) }
            case .send(let link, let message):
                sent.append(message)
                spoken.append((link, message, now))
            case .observe(.note(_, let text)): notes.append(text)
            case .socketOptions(let link, let asked): options.append((link, asked))
            case .observe(.linkEnded(let link, _, _, let reason, .us, _, _)): deaths.append((link, reason, now))
            default: break
            }
        }
    }
}

/// Links that need no handshake.
struct OpenLinks: LinksPolicy {
    var state = NoState()

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {}
    mutating func dialled(_ link: Link, _ context: inout Context) {}
    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {}

    mutating func accepted(_ link: Link, _ context: inout Context) {
        if let peer = link.transportIdentity { context.markUp(link.id, peer: peer) }
    }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {}

    func route(to peer: Identity) -> LinkID? { nil }
}

struct NoBlocks: ConsensusPolicy {
    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 0) }
}

struct SilentSigner: Signer {
    let identity: Identity

    func sign(_ bytes: [UInt8]) -> Signature { .none }
}

extension Message {
    /// The message as one of the SWIM detector, where it is that.
    var swim: SwimMessage? {
        if case .module(let envelope) = self { envelope.value(as: SwimMessage.self) } else { nil }
    }
}

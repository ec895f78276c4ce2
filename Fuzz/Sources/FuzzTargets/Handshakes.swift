import Kernel
import Links
import NIOCore
import Profile
import Wire

extension FuzzTarget {
    /// A node with `single-link` and its default options, at either end of a connection. The first byte says what the
    /// surroundings do, the rest is the stream that the other end sends.
    ///
    /// Whatever it says, a link comes up only behind a signature that held, a handshake ends by its deadline, and one
    /// connection never makes the node hold more than one link.
    static let handshakes = FuzzTarget(
        name: "handshakes",
        seeds: {
            let hello = Message.hello(Samples.hello(from: Samples.peer))
            let accepting = Stream.bytes([hello, .proof(Proof(signature: Samples.signature)), .goodbye(.shutdown)])
            let dialling = Stream.bytes([.helloAck(Samples.ack()), .ready, .ping(nonce: 1)])
            return [
                Seed(name: "accepted", bytes: [1] + accepting), Seed(name: "accepted-forged", bytes: [0] + accepting),
                Seed(name: "accepted-tls", bytes: [5] + accepting), Seed(name: "dialled", bytes: [3] + dialling),
                Seed(name: "dialled-forged", bytes: [2] + dialling),
                Seed(name: "refused", bytes: [3] + Stream.bytes([.helloAck(Samples.ack(.glare))])),
                Seed(name: "proof-first", bytes: [1] + Stream.bytes([.proof(Proof(signature: .none)), hello])),
            ]
        },
        run: { bytes in
            guard let control = bytes.first else { return }
            let end = HandshakeEnd(
                isDialler: control & 2 != 0, signaturesHold: control & 1 != 0, isProvenByTransport: control & 4 != 0
            )
            end.feed(Array(bytes.dropFirst()))
            end.passTime()
        }
    )
}

/// One end of one connection, with a node behind it and no network before it.
private final class HandshakeEnd {
    private let node: Node
    private let signaturesHold: Bool
    private var now = Instant.zero
    private var link: LinkID?
    private var wasVerified = false

    init(isDialler: Bool, signaturesHold: Bool, isProvenByTransport: Bool) {
        self.signaturesHold = signaturesHold
        let wish = Wish(identity: Samples.peer, endpoint: Samples.endpoint(2), isMasternode: true)
        node = Node(
            NodeConfiguration(
                network: NetworkView(
                    name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10),
                    minimumMasternodes: 1, masternodes: []
                ),
                endpoint: Samples.endpoint(1), signer: NoSigner(identity: Samples.own), seed: 1,
                connectTimeout: .seconds(10),
                modules: PolicySet(
                    links: Self.links(), liveness: NoDetector(), consensus: NoBlocks(),
                    discovery: [OneWish(wishes: isDialler ? [wish] : [])]
                )
            )
        )
        give(.start)
        let identity = isProvenByTransport ? Samples.peer : nil
        if isDialler {
            // Out of turn it waits before it dials.
            for _ in 0..<4 where link == nil { wake() }
            if let link { give(.opened(link, identity: identity)) }
            wake()
        } else {
            let accepted = node.admit(from: Samples.endpoint(3), at: now)
            link = accepted
            give(.accepted(accepted, identity: identity))
        }
    }

    func feed(_ bytes: [UInt8]) {
        guard let link else { return }
        var decoder = FrameDecoder()
        var buffer = ByteBuffer(bytes: bytes)
        do throws(FrameError) {
            while node.phase(of: link) != nil, let message = try decoder.next(from: &buffer) {
                give(.received(link, message))
            }
            if node.phase(of: link) != nil { give(.ended(link, .endOfStream)) }
        } catch {
            if node.phase(of: link) != nil { give(.ended(link, .failed(error.reason))) }
        }
    }

    /// Beyond every deadline nothing of a connection is left, unless it is up.
    func passTime() {
        guard let link else { return }
        for _ in 0..<50 { wake() }
        promise(node.phase(of: link).map { $0 == .up } ?? true, "a handshake outlives its deadline")
    }

    private func wake() {
        guard let deadline = node.nextDeadline else { return }
        now = max(now, deadline)
        give(.wake)
    }

    private func give(_ input: Input) {
        var inputs = [input]
        while let next = inputs.popLast() {
            node.handle(next, at: now, wall: WallTime(milliseconds: now.nanoseconds / 1_000_000))
            let effects = node.effects
            node.effects = []
            for effect in effects { inputs += answers(to: effect) }
            promise(node.linkCount <= 2, "one connection makes \(node.linkCount) links")
        }
    }

    private func answers(to effect: Effect) -> [Input] {
        switch effect {
        case .open(let id, _, _, _):
            if link == nil { link = id }
            return id == link ? [] : [.openFailed(id, .connectionRefused)]
        case .verify(let checks, let token):
            promise(checks.count == 1, "a handshake checks \(checks.count) signatures at once")
            wasVerified = signaturesHold
            return [.verified(token, .checked(SignatureVerdicts([signaturesHold])))]
        case .observe(.linkUp):
            promise(wasVerified, "a link is up, and no signature held")
            return []
        default: return []
        }
    }

    private static func links() -> any LinksPolicy {
        guard case .links(let make) = SingleLink.descriptor.factory,
            let options = try? Options.defaults(of: SingleLink.descriptor.spec.options), let links = try? make(options)
        else { fatalError("single-link refuses its own defaults") }
        return links
    }
}

/// Its signatures are never looked at: the verifier's answer is part of the input.
private struct NoSigner: Signer {
    let identity: Identity
    func sign(_ bytes: [UInt8]) -> Signature { .none }
}

private struct NoDetector: LivenessPolicy {
    var state = NoState()
}

private struct NoBlocks: ConsensusPolicy {
    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 0) }
}

private struct OneWish: DiscoveryPolicy {
    var state = NoState()
    let wishes: [Wish]

    mutating func start(_ context: inout Context) { context.want(wishes, .start) }
}

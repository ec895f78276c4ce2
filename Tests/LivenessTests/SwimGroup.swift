import Kernel
import Wire

@testable import Liveness

/// Nodes that run the detector, each linked with each, in virtual time with a fixed latency.
final class SwimGroup {
    static let latency = Duration.milliseconds(20)

    private(set) var now = Instant.zero
    private var nodes: [Node] = []
    /// Every link that is up: at which node, to which.
    private var links: [(at: Int, to: Int, link: LinkID)] = []
    private var parcels: [(at: Instant, node: Int, from: Int, message: Message)] = []
    private(set) var deaths: [(witness: Int, victim: Int, at: Instant)] = []
    private(set) var sent: [(from: Int, to: Int, message: SwimMessage, at: Instant)] = []
    private(set) var notes: [String] = []
    /// Directions in which nothing gets through.
    var isBlocked: (_ from: Int, _ to: Int) -> Bool = { _, _ in false }
    /// Nodes that do not run; what comes waits.
    private var stalled: [Int] = []

    init(_ count: Int, options: SwimOptions) {
        for index in 0..<count {
            nodes.append(
                Node(
                    NodeConfiguration(
                        network: NetworkView(
                            name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1),
                            minimumMasternodes: 1,
                            masternodes: (0..<count).map {
                                NetworkView.Masternode(
                                    name: "node \($0)", identity: Rig.identity(UInt64($0)),
                                    endpoint: Rig.endpoint(UInt32($0))
                                )
                            }
                        ),
                        endpoint: Rig.endpoint(UInt32(index)),
                        signer: SilentSigner(identity: Rig.identity(UInt64(index))), seed: UInt64(100 + index),
                        connectTimeout: .seconds(1),
                        modules: PolicySet(
                            links: OpenLinks(), liveness: Swim(options: options), consensus: NoBlocks(), discovery: []
                        )
                    )
                )
            )
        }
        for index in nodes.indices { feed(.start, to: index) }
        for index in nodes.indices {
            for other in nodes.indices where other != index {
                let id = nodes[index].admit(from: Rig.endpoint(UInt32(other)), at: now)
                links.append((index, other, id))
                feed(.accepted(id, identity: Rig.identity(UInt64(other))), to: index)
            }
        }
    }

    func advance(_ duration: Duration) {
        let end = now + duration
        while true {
            let timers = nodes.indices.filter { !stalled.contains($0) }.compactMap { index in
                nodes[index].nextDeadline.map { ($0, index) }
            }
            let timer = timers.min { ($0.0, $0.1) < ($1.0, $1.1) }
            let parcel = parcels.first { !stalled.contains($0.node) }
            guard let next = [timer?.0, parcel?.at].compactMap({ $0 }).min(), next <= end else { break }
            now = max(now, next)
            if let parcel, parcel.at <= now {
                parcels.removeAll { $0.at == parcel.at && $0.node == parcel.node && $0.from == parcel.from }
                deliver(parcel)
            } else if let timer {
                feed(.wake, to: timer.1)
            }
        }
        now = end
    }

    /// The node's process stands still; afterwards what was received comes before any timer.
    func stall(_ node: Int) { stalled.append(node) }

    func resume(_ node: Int) { stalled.removeAll { $0 == node } }

    private func deliver(_ parcel: (at: Instant, node: Int, from: Int, message: Message)) {
        guard let link = links.first(where: { $0.at == parcel.node && $0.to == parcel.from })?.link else { return }
        feed(.received(link, parcel.message), to: parcel.node)
    }

    private func feed(_ input: Input, to index: Int) {
        nodes[index].handle(input, at: now, wall: WallTime(milliseconds: 0))
        let effects = nodes[index].effects
        nodes[index].effects = []
        for effect in effects {
            switch effect {
            case .send(let link, let message):
                guard let other = links.first(where: { $0.at == index && $0.link == link })?.to else { continue }
                if let swim = message.swim { sent.append((index, other, swim, now)) }
                guard !isBlocked(index, other) else { continue }
                // One parcel a moment and direction keeps the order of a stream.
                var at = now + Self.latency
                while parcels.contains(where: { $0.at == at && $0.node == other && $0.from == index }) {
                    at = at + .nanoseconds(1)
                }
                parcels.append((at, other, index, message))
                parcels.sort { $0.at < $1.at }
            case .observe(.linkEnded(let link, _, _, _, .us, _, _)):
                guard let place = links.firstIndex(where: { $0.at == index && $0.link == link }) else { continue }
                deaths.append((index, links.remove(at: place).to, now))
            case .observe(.note(_, let text)): notes.append(text)
            default: break
            }
        }
    }
}

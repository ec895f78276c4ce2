import Consensus
import Discovery
import Links
import Liveness
import Profile
import Wire

@testable import Kernel
@testable import Trace

extension FuzzTarget {
    /// A checkpoint's line: a node takes it over whole, and then is what it says, or refuses it with a reason.
    ///
    /// Whether the state inside is one that its module could have reached is not asked: a resumed node is not run on.
    static let snapshots = FuzzTarget(
        name: "snapshots",
        seeds: {
            let node = Node(configuration)
            let fresh = line(of: node)
            node.handle(.start, at: .zero, wall: WallTime(milliseconds: 5))
            let link = node.admit(from: Samples.endpoint(3), at: .zero)
            node.handle(.accepted(link, identity: nil), at: .zero, wall: WallTime(milliseconds: 5))
            node.handle(
                .received(link, .hello(Samples.hello(from: Samples.peer))), at: .zero, wall: WallTime(milliseconds: 5)
            )
            node.effects = []
            return [Seed(name: "fresh", bytes: fresh), Seed(name: "handshake", bytes: line(of: node))]
        },
        run: { bytes in
            guard let entry = try? TraceReader.entry(TraceReader.Line(number: 2, bytes: bytes)),
                case .checkpoint(let checkpoint) = entry.content
            else { return }
            do {
                let resumed = try Node(configuration, resuming: checkpoint)
                let line = line(of: resumed)
                guard let again = try? TraceReader.entry(TraceReader.Line(number: 2, bytes: line)),
                    case .checkpoint(let copy) = again.content, let copied = try? Node(configuration, resuming: copy)
                else { fatalError("a node's own checkpoint is refused") }
                promise(FuzzTarget.line(of: copied) == line, "a node that goes on is another one")
            } catch {
                promise(!"\(error)".isEmpty, "a checkpoint is refused without a word")
            }
        }
    )

    private static func line(of node: Node) -> [UInt8] {
        guard let checkpoint = try? node.checkpoint() else { fatalError("a node cannot say what it is") }
        var line = LineWriter()
        line.checkpoint(checkpoint, time: 0, node: "n1")
        return line.bytes
    }

    private static var configuration: NodeConfiguration {
        NodeConfiguration(
            network: NetworkView(
                name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10), minimumMasternodes: 1,
                masternodes: [.init(name: "n1", identity: Samples.own, endpoint: Samples.endpoint(1))]
            ),
            endpoint: Samples.endpoint(1), signer: SilentSigner(identity: Samples.own), seed: 1,
            connectTimeout: .seconds(10), modules: modules
        )
    }

    private static var modules: PolicySet {
        let parts = [
            SingleLink.descriptor, PingPong.descriptor, SlotLeader.descriptor, PeerFill.descriptor, Gossip.descriptor,
        ]
        do {
            var set: (links: (any LinksPolicy)?, liveness: (any LivenessPolicy)?, consensus: (any ConsensusPolicy)?)
            var discovery: [any DiscoveryPolicy] = []
            for part in parts {
                let options = try Options.defaults(of: part.spec.options)
                switch part.factory {
                case .links(let make): set.links = try make(options)
                case .liveness(let make): set.liveness = try make(options)
                case .consensus(let make): set.consensus = try make(options)
                case .discovery(let make): discovery.append(try make(options))
                default: break
                }
            }
            guard let links = set.links, let liveness = set.liveness, let consensus = set.consensus else {
                fatalError("a role is missing")
            }
            return PolicySet(links: links, liveness: liveness, consensus: consensus, discovery: discovery)
        } catch {
            fatalError("a module refuses its own defaults: \(error)")
        }
    }
}

private struct SilentSigner: Signer {
    let identity: Identity
    func sign(_ bytes: [UInt8]) -> Signature { .none }
}

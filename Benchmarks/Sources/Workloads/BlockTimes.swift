import Foundation
import Kernel
import NIOPosix
import Synchronization
import Transport
import Wire

/// Four masternodes, each on an event loop of its own, and how late after its slot's beginning each block is with them.
public final class BlockTimes: Sendable {
    private struct Books {
        var lateness: [Double] = []
        var lostLinks = 0
        var blocks = 0
        /// Links up at each node.
        var links: [Int]
    }

    /// What all nodes write to; a lock cannot be copied, so it has a home of its own.
    private final class Ledger: Sendable {
        let books: Mutex<Books>

        init(nodes: Int) {
            books = Mutex(Books(links: Array(repeating: 0, count: nodes)))
        }
    }

    private let hosts: [NodeHost]
    private let ledger: Ledger
    /// Of the node that strangers are to call.
    public let port: Int

    public init(slotMilliseconds: Int) async throws {
        let loops = (0..<4).map { _ in MultiThreadedEventLoopGroup(numberOfThreads: 1).next() }
        let genesis = Int64(Date().timeIntervalSince1970 * 1000)
        let network = try await LocalNetwork(
            nodes: loops.count, slotInterval: .milliseconds(slotMilliseconds),
            genesis: WallTime(milliseconds: genesis), on: loops[0]
        )
        let profile = try LocalNetwork.profile()
        let ledger = Ledger(nodes: loops.count)
        let members = network.view.masternodes.map(\.identity)
        self.ledger = ledger
        port = Int(network.endpoints[0].port)
        hosts = loops.indices.map { index in
            network.host(
                index, tls: false, profile: profile, on: loops[index],
                events: { event, _, _ in
                    Self.note(event, index, ledger, members, genesis, slotMilliseconds)
                }
            )
        }
        for host in hosts { _ = try await host.start() }
    }

    private static func note(
        _ event: Event, _ index: Int, _ ledger: Ledger, _ members: [Identity], _ genesis: Int64,
        _ interval: Int
    ) {
        switch event {
        case .blockAccepted(_, _, let slot):
            var now = timespec()
            clock_gettime(CLOCK_REALTIME, &now)
            let milliseconds = Double(Int64(now.tv_sec) * 1000 - genesis) + Double(now.tv_nsec) / 1e6
            ledger.books.withLock { $0.lateness.append(milliseconds - Double(slot) * Double(interval)) }
        case .blockProduced: ledger.books.withLock { $0.blocks += 1 }
        case .linkUp(_, let identity, _, _) where members.contains(identity):
            ledger.books.withLock { $0.links[index] += 1 }
        case .linkEnded(_, let identity?, _, _, _, wasUp: true, _) where members.contains(identity):
            ledger.books.withLock {
                $0.links[index] -= 1
                $0.lostLinks += 1
            }
        default: break
        }
    }

    /// Every node is linked with the other three.
    public var isWhole: Bool { ledger.books.withLock { $0.links.allSatisfy { $0 == 3 } } }

    /// Milliseconds from the slot's beginning to the block's acceptance, one for each node and block, and how many
    /// blocks were made and links between masternodes lost, since the last call.
    public func take() -> (lateness: [Double], blocks: Int, lostLinks: Int) {
        ledger.books.withLock {
            let result = ($0.lateness, $0.blocks, $0.lostLinks)
            ($0.lateness, $0.blocks, $0.lostLinks) = ([], 0, 0)
            return result
        }
    }

    public func stop() async {
        for host in hosts { await host.shutdown() }
    }
}

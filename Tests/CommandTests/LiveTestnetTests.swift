import Foundation
import Kernel
import Logging
import Profile
import Synchronization
import Testing
import Transport
import Wire

@testable import TimenodeCommands

@Suite("A testnet on real sockets", .timeLimit(.minutes(1))) struct LiveTestnetTests {
    @Test("three nodes of a new testnet link up and make blocks", arguments: ["tcp", "tls"])
    func linksAndBlocks(transport: String) async throws {
        let directory = try TemporaryDirectory()
        let profile = try directory.write(
            StandardProfile.text.replacingOccurrences(of: "use: tcp}", with: "use: \(transport)}"), to: "mine.yaml"
        )
        let path = directory.file("net")
        let made = await CommandRun.of(
            "testnet", "init", path, "--nodes", "3", "--minimum", "3", "--slot-interval", "200ms", "--profile", profile
        )
        #expect(made.status == 0, "\(made.errors)")
        var nodes: [LiveNode] = []
        for number in 1...3 { nodes.append(try await LiveNode.start(number, in: path)) }
        for node in nodes {
            // Either may come first: a node of one link hears of blocks that the other two made over theirs.
            var links = 0
            var height: UInt64 = 0
            for await event in node.events {
                switch event {
                case .linkUp: links += 1
                case .blockAccepted(let accepted, _, _): height = max(height, accepted)
                default: break
                }
                if links >= 2, height >= 3 { break }
            }
            #expect(links >= 2 && height >= 3)
        }
        for node in nodes {
            let status = node.status
            #expect(status.name != nil)
            #expect(status.counters.linksUp >= 2)
            // A call that ended before it said who it was is filed under its address.
            #expect(status.peers.count { $0.identity != nil } == 2)
        }
        for node in nodes { await node.host.shutdown() }
        // A peer heard that the node went on purpose; a dial of the node that is gone may have failed since.
        for peer in nodes[2].status.peers {
            let reasons = peer.last.map(\.reason)
            #expect(reasons.contains(.shutdown) || reasons.contains(.endOfStream), "\(reasons)")
        }
    }
}

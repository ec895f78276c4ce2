import Kernel
import LabLive
import RPC
import Synchronization
import Testing
import Trace
import Wire

@Suite(
    "Six real processes on loopback", .serialized,
    .enabled(if: Place.program != nil, "there is no program beside the tests: swift build --product timenode"),
    .timeLimit(.minutes(3))
)
struct SixNodesTests {
    private static let victim = 3

    @Test(
        "six nodes link, make blocks together, and take back one that was killed, with one link a pair throughout",
        arguments: ["node.yaml", "profiles/tls.yaml"]
    )
    func sixNodes(profile: String) async throws {
        let testnet = try Testnet(
            nodes: 6, slotInterval: "2s", profile: Place.file(profile), program: try #require(Place.program)
        )
        for number in 0..<testnet.count { try testnet.start(number) }
        let doubles = Mutex<[String]>([])
        let watch = Task { await self.watch(testnet) { double in doubles.withLock { $0.append(double) } } }
        do {
            try await live(testnet)
        } catch {
            watch.cancel()
            _ = await testnet.stop()
            throw error
        }
        watch.cancel()
        let polls = await watch.value
        #expect(polls > 0)
        #expect(doubles.withLock { $0 } == [])
        let statuses = await testnet.stop()
        #expect(statuses == Array(repeating: 0, count: testnet.count))
        for events in testnet.events { #expect(doubleLinks(in: events.lines) == []) }
    }

    private func live(_ testnet: Testnet) async throws {
        let linked = try await TimeLimit.poll("5 peers and 6 masternodes at each node", within: .seconds(20)) {
            await testnet.infos().flatMap { $0.allSatisfy(Self.isComplete) ? $0 : nil }
        }
        let start = linked.map(\.height).max() ?? 0
        // A slot of two seconds each: three blocks take six, and a node is at most one block behind another.
        _ = try await TimeLimit.poll("three more blocks at each node, all at one height", within: .seconds(30)) {
            await testnet.infos().flatMap { infos in
                infos.allSatisfy { $0.height >= start + 3 && $0.height == infos[0].height } ? infos : nil
            }
        }
        await testnet.kill(Self.victim)
        try await Task.sleep(for: .milliseconds(1_500))
        try testnet.start(Self.victim)
        _ = try await TimeLimit.poll("5 peers at the node that was killed", within: .seconds(10)) {
            await testnet.info(Self.victim).flatMap { Self.isComplete($0) ? $0 : nil }
        }
        let before = await testnet.info(0)?.height ?? 0
        _ = try await TimeLimit.poll("5 peers at each node, and the chain goes on", within: .seconds(20)) {
            await testnet.infos().flatMap { infos in
                infos.allSatisfy { Self.isComplete($0) && $0.height >= before + 1 } ? infos : nil
            }
        }
    }

    private static func isComplete(_ info: ConsensusInfo) -> Bool {
        info.connectedPeers == 5 && info.activeMasternodes == 6
    }

    /// Asks every node for its peers, over and over, until the task is cancelled.
    ///
    /// - Returns: how often an answer came.
    private func watch(_ testnet: Testnet, found: (String) -> Void) async -> Int {
        var answers = 0
        while !Task.isCancelled {
            for number in 0..<testnet.count {
                guard let peers = await testnet.peers(number) else { continue }
                answers += 1
                let up = peers.filter { $0.state == "up" }.compactMap(\.identity).sorted()
                for (identity, next) in zip(up, up.dropFirst()) where identity == next {
                    found("node\(number + 1) shows two links with \(identity)")
                }
            }
            try? await Task.sleep(for: .milliseconds(100))
        }
        return answers
    }

    /// The events at which a second link with one peer was up.
    private func doubleLinks(in lines: [EventLine]) -> [String] {
        var up: [(peer: Identity, link: LinkID)] = []
        var doubles: [String] = []
        for line in lines {
            switch line.event {
            case .linkUp(let link, let peer, _, _)?:
                if up.contains(where: { $0.peer == peer }) { doubles.append(line.text) }
                up.append((peer, link))
            case .linkEnded(let link, _, _, _, _, _, _)?: up.removeAll { $0.link == link }
            default: break
            }
        }
        return doubles
    }
}

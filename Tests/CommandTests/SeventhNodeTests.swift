import Foundation
import Kernel
import Profile
import Testing
import Wire

@testable import TimenodeCommands

@Suite("A seventh masternode on real sockets", .timeLimit(.minutes(1))) struct SeventhNodeTests {
    /// Seven nodes whose shared network file names all and lacks the seventh's address; its own lacks all addresses, and
    /// has one to begin with.
    private func writeTestnet(_ directory: TemporaryDirectory) async throws -> String {
        let line = "use: [masternode-priority, peer-fill]"
        #expect(StandardProfile.text.contains(line))
        let profile = try directory.write(
            StandardProfile.text.replacingOccurrences(
                of: line, with: "use: [gossip, masternode-priority, peer-fill], gossip: {private_addresses: true}"
            ), to: "mine.yaml"
        )
        let path = directory.file("net")
        let made = await CommandRun.of("testnet", "init", path, "--nodes", "7", "--profile", profile)
        #expect(made.status == 0, "\(made.errors)")

        var network = try #require(NetworkDescription.load(path: "\(path)/network.yaml").value)
        network.masternodes[6].host = nil
        network.masternodes[6].port = nil
        try network.render().write(toFile: "\(path)/network.yaml", atomically: true, encoding: .utf8)
        network.bootstrap = [try #require(network.masternodes[0].endpoint)]
        for index in network.masternodes.indices {
            network.masternodes[index].host = nil
            network.masternodes[index].port = nil
        }
        try network.render().write(toFile: "\(path)/network-7.yaml", atomically: true, encoding: .utf8)
        let own = try String(contentsOfFile: "\(path)/node7.yaml", encoding: .utf8)
        try own.replacingOccurrences(of: "./network.yaml", with: "./network-7.yaml")
            .write(toFile: "\(path)/node7.yaml", atomically: true, encoding: .utf8)
        return path
    }

    @Test("it knows one address, and nobody's file has its own: all six are linked with it")
    func joins() async throws {
        let directory = try TemporaryDirectory()
        let path = try await writeTestnet(directory)
        var nodes: [LiveNode] = []
        for number in 1...6 { nodes.append(try await LiveNode.start(number, in: path)) }
        for node in nodes { await node.waitForLinks(with: 5) }
        let seventh = try await LiveNode.start(7, in: path)
        let six = nodes.map { $0.host.snapshot.identity }.sorted()
        #expect(await seventh.waitForLinks(with: 6) == six)
        for node in nodes { #expect(await node.waitForLinks(with: 1) == [seventh.host.snapshot.identity]) }
        for node in nodes + [seventh] { await node.host.shutdown() }
    }
}

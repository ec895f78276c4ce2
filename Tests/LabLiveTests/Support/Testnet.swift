import Foundation
import LabLive
import RPC
import Synchronization

@testable import TimenodeCommands

/// A testnet of real processes on loopback addresses of its own; its folder is gone when the value is.
final class Testnet: Sendable {
    /// A peer as `GET /peers` shows it.
    struct Peer: Decodable {
        let identity: String?
        let state: String
    }

    private struct Peers: Decodable {
        let peers: [Peer]
    }

    private struct Made: Decodable {
        struct Node: Decodable {
            let rpc: String
        }
        let nodes: [Node]
    }

    private let program: String
    private let path: String
    private let addresses: [RPCAddress]
    private let running: Mutex<[LiveNode?]>
    /// What the processes told that are gone.
    private let past = Mutex<[EventWatch]>([])

    var count: Int { addresses.count }

    /// Where the nodes answer.
    var rpc: [String] { addresses.map(\.description) }

    /// Makes the files; starts nothing.
    init(nodes: Int, slotInterval: String, profile: String, program: String) throws {
        self.program = program
        self.path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("timenode-testnet-\(UUID().uuidString)", isDirectory: true).path
        let output = try Tool.run(
            program,
            [
                "testnet", "init", path, "--nodes", "\(nodes)", "--slot-interval", slotInterval, "--profile", profile,
                "--format", "json",
            ]
        )
        let made = try JSONDecoder().decode(Made.self, from: Data(output.utf8))
        self.addresses = made.nodes.compactMap { RPCAddress(argument: $0.rpc) }
        self.running = Mutex(Array(repeating: nil, count: nodes))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    // MARK: Processes

    /// - Parameter number: from 0.
    func start(_ number: Int) throws {
        let launch = LiveNode.Launch(program: program, profile: profile(number))
        let node = try LiveNode(launch)
        running.withLock { $0[number] = node }
    }

    func kill(_ number: Int) async {
        let node = running.withLock { running in
            defer { running[number] = nil }
            return running[number]
        }
        guard let node else { return }
        await node.kill()
        past.withLock { $0.append(node.events) }
    }

    /// Asks all to end at once.
    ///
    /// - Returns: their exit statuses.
    func stop() async -> [Int32?] {
        let nodes = running.withLock { running in
            defer { running = Array(repeating: nil, count: running.count) }
            return running.compactMap { $0 }
        }
        past.withLock { $0 += nodes.map(\.events) }
        return await withTaskGroup(of: Int32?.self) { group in
            for node in nodes { group.addTask { await node.stop() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    /// What every process told that there was.
    var events: [EventWatch] { past.withLock { $0 } + running.withLock { $0.compactMap { $0?.events } } }

    /// The file that a node was started with.
    func profile(_ number: Int) -> String { "\(path)/node\(number + 1).yaml" }

    /// Runs the program beside the nodes, to its end.
    ///
    /// - Throws: an error with what the program said where its exit status is not 0.
    func tool(_ arguments: [String]) throws -> String { try Tool.run(program, arguments) }

    // MARK: Questions

    /// Nil where the node does not answer.
    func info(_ number: Int) async -> ConsensusInfo? { await ask(number, "/consensus_info") }

    /// Nil where the node does not answer.
    func peers(_ number: Int) async -> [Peer]? {
        let answer: Peers? = await ask(number, "/peers")
        return answer?.peers
    }

    /// What all nodes say; nil where one does not answer.
    func infos() async -> [ConsensusInfo]? {
        var infos: [ConsensusInfo] = []
        for number in addresses.indices {
            guard let info = await info(number) else { return nil }
            infos.append(info)
        }
        return infos
    }

    private func ask<Value: Decodable>(_ number: Int, _ path: String) async -> Value? {
        let client = NodeClient(address: addresses[number], timeout: .seconds(2))
        guard let answer = try? await client.get(path), answer.status == 200 else { return nil }
        return try? JSONDecoder().decode(Value.self, from: Data(answer.body))
    }
}

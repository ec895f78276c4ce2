import Crypto
import Foundation
import Kernel
import Lab
import Profile
import Testing
import Trace
import Transport
import Wire

@testable import TimenodeCommands

@Suite("Recorded runs on real sockets", .timeLimit(.minutes(2))) struct RecordedRunTests {
    /// A recorded node of a testnet.
    private struct Recorded {
        let host: NodeHost
        let recorder: FlightRecorder
        let events: AsyncStream<Event>
        let key: Curve25519.Signing.PrivateKey

        /// The first event, past or to come, of which `isWanted` is true.
        func first(where isWanted: @Sendable (Event) -> Bool) async -> Event? { await events.first(where: isWanted) }

        func lines() throws -> [String] {
            let bytes = try #require(recorder.trace()).pieces.joined()
            return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
        }

        /// Replays what is recorded now.
        func replay() throws -> ReplayResult { try Self.replay(lines()) }

        static func replay(_ lines: [String]) throws -> ReplayResult {
            var rest = closed(lines.dropLast())[...]
            var reader = try TraceReader { rest.popFirst().map { Array("\($0)\n".utf8) } ?? [] }
            var replay = try Replay(reader.header, registry: .standard)
            return try replay.run(&reader)
        }
    }

    /// Makes the files of a testnet with much going on.
    private func testnet(
        _ count: Int, transport: String = "tcp", load interval: String = "200ms", in directory: TemporaryDirectory
    ) async throws -> String {
        var text = StandardProfile.text.replacing("use: tcp}", with: "use: \(transport)}")
        text += "\n  workload: {use: [traffic], traffic: {request: 1kB, reply: 1kB, interval: \(interval)}}\n"
        let profile = try directory.write(text, to: "mine.yaml")
        let path = directory.file("net")
        let made = await CommandRun.of(
            "testnet", "init", path, "--nodes", "\(count)", "--slot-interval", "200ms", "--profile", profile
        )
        try #require(made.status == 0, "\(made.errors)")
        return path
    }

    private func node(_ number: Int, in path: String, limit: Int, seed: UInt64) async throws -> Recorded {
        let loader = ProfileLoader(catalogue: Registry.standard.catalogue)
        let profile = try #require(loader.load(path: "\(path)/node\(number).yaml").value)
        let networkFile = try #require(profile.networkFile)
        let description = try #require(NetworkDescription.load(path: networkFile).value)
        let composition = Composition(
            profile: profile, network: try NetworkView(description), registry: .standard
        )
        let directory = DataDirectory(path: try #require(profile.dataDirectory))
        let key = try IdentityKeyFile.load(from: directory.keyFile)
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        var configuration = try composition.hostConfiguration(
            privateKey: key, directory: directory.path, seed: seed
        ) { event, _, _ in
            continuation.yield(event)
        }
        let recorder = FlightRecorder(
            profile: TraceHeader.Profile(profile, name: "node\(number)"), program: "timenode test", limit: limit
        )
        configuration.recorder = recorder
        let host = NodeHost(configuration)
        _ = try await host.start()
        return Recorded(host: host, recorder: recorder, events: events, key: key)
    }

    private static func reaches(_ wanted: UInt64) -> @Sendable (Event) -> Bool {
        { event in
            switch event {
            case .blockAccepted(let height, _, _), .blockProduced(let height, _, _): height >= wanted
            default: false
            }
        }
    }

    @Test(
        "six nodes, one of which goes and comes back, replay to the same effects from their start to their end",
        arguments: ["tcp", "tls"])
    func sixNodes(transport: String) async throws {
        let directory = try TemporaryDirectory()
        let path = try await testnet(6, transport: transport, in: directory)
        var nodes: [Recorded] = []
        for number in 1...6 { nodes.append(try await node(number, in: path, limit: 64 << 20, seed: UInt64(number))) }
        for node in nodes { #expect(await node.first(where: Self.reaches(3)) != nil) }
        await nodes[2].host.shutdown()
        let first = nodes[2]
        nodes[2] = try await node(3, in: path, limit: 64 << 20, seed: 33)
        for node in nodes { #expect(await node.first(where: Self.reaches(6)) != nil) }
        // While it runs, and after its end.
        let running = try nodes[0].replay()
        #expect(running.divergence == nil)
        for node in nodes { await node.host.shutdown() }
        for node in nodes + [first] {
            let lines = try node.lines()
            let replay = try Recorded.replay(lines)
            #expect(replay.divergence == nil)
            #expect(replay.records == lines.count - 2)
            #expect(lines.contains { $0.contains("\"in\":\"shutdown\"") })
            // The key signed, and is nowhere to be read.
            #expect(lines.contains { $0.contains("\"signed\":[") })
            let secret = node.key.rawRepresentation.map { String(format: "%02x", $0) }.joined()
            #expect(!lines.contains { $0.lowercased().contains(secret) })
            #expect(!lines.contains { $0.contains(node.key.rawRepresentation.base64EncodedString()) })
        }
    }

    @Test("a ring that has dropped its beginning stays bounded, and replays from the checkpoint that it begins with")
    func ring() async throws {
        let directory = try TemporaryDirectory()
        let path = try await testnet(3, load: "20ms", in: directory)
        let limit = 256 << 10
        var nodes: [Recorded] = []
        for number in 1...3 { nodes.append(try await node(number, in: path, limit: limit, seed: UInt64(number))) }
        let node = nodes[0]
        var replays = 0
        var checkpoints = 0
        var isDropped = false
        // Each block is a moment to look; the bound has to hold at every one of them.
        for await event in node.events where Self.reaches(1)(event) {
            let trace = try #require(node.recorder.trace())
            #expect(trace.pieces.dropFirst().dropLast().reduce(0) { $0 + $1.count } <= limit)
            guard trace.pieces.count > 3 else { continue }
            let lines = try node.lines()
            isDropped = isDropped || !lines.contains { $0.contains("\"in\":\"start\"") }
            #expect(lines[1].contains("\"checkpoint\":"))
            let replay = try Recorded.replay(lines)
            #expect(replay.divergence == nil)
            replays += 1
            checkpoints = max(checkpoints, lines.count { $0.contains("\"checkpoint\":") })
            // On a busy machine the first look may find it dropped already.
            if isDropped, replays > 1 { break }
        }
        for node in nodes { await node.host.shutdown() }
        #expect(node.recorder.problem == nil)
        #expect(isDropped)
        #expect(replays > 1)
        // Those behind the first are compared with the state that the replay has come to.
        #expect(checkpoints > 1)
        for node in nodes { #expect(try node.replay().divergence == nil) }
        // Links that came up before the oldest record kept prove their other ends all the same.
        var rest = try node.lines()[...]
        var reader = try TraceReader { rest.popFirst().map { Array("\($0)\n".utf8) } ?? [] }
        var measurer = TraceMeasurer()
        try measurer.read(&reader, name: "node1")
        let learnt = ScenarioLearner.learn(try measurer.measurements())
        #expect(!learnt.text.contains("power_loss") && !learnt.text.contains("never seen"), "\(learnt.text)")

        var lines = try node.lines()
        let last = try #require(lines.lastIndex { $0.contains("\"checkpoint\":") })
        try #require(last > 1)
        lines[last] = lines[last].replacing("\"next_token\":", with: "\"next_token\":9")
        let divergence = try #require(try Recorded.replay(lines).divergence)
        #expect(divergence.line == last + 1)
        #expect(divergence.detail == "the node's state differs at checkpoint.next_token")
    }

    @Test("what the node did otherwise, signed otherwise or remembered otherwise is found in a recorded run")
    func planted() async throws {
        let directory = try TemporaryDirectory()
        let path = try await testnet(3, in: directory)
        var nodes: [Recorded] = []
        // Room for all of it, however long a busy machine takes: what is changed below stands near the beginning.
        for number in 1...3 { nodes.append(try await node(number, in: path, limit: 64 << 20, seed: UInt64(number))) }
        #expect(await nodes[0].first(where: Self.reaches(2)) != nil)
        for node in nodes { await node.host.shutdown() }
        let lines = try nodes[0].lines()

        func divergence(_ text: String, _ replacement: String) throws -> (place: Int, found: ReplayResult.Divergence?) {
            let place = try #require(lines.firstIndex { $0.contains(text) })
            var changed = lines
            changed[place] = changed[place].replacing(text, with: replacement)
            return (place + 1, try Recorded.replay(changed).divergence)
        }
        let event = try divergence("\"kind\":\"link-up\"", "\"kind\":\"takeover\"")
        #expect(event.found?.line == event.place)
        let signature = try divergence("\"signed\":[{\"of\":\"", "\"signed\":[{\"of\":\"0")
        #expect(signature.found?.line == signature.place)
        #expect(signature.found?.detail?.contains("signs something with the digest") == true)
        // The answer to the second question is the chain; without it the node begins no block.
        let token = try divergence("\"in\":\"rows\",\"token\":2,", "\"in\":\"rows\",\"token\":999,")
        #expect(token.found.map { $0.line > token.place } == true)
    }
}

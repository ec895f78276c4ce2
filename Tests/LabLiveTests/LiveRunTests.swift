import Foundation
import Lab
import Testing

@testable import LabLive

private let hasNamespaces = LiveDriver.netns.unavailableReason() == nil
private let namespaceReason = LiveDriver.netns.unavailableReason() ?? ""

@Suite(
    "A scenario on the real kernel",
    .enabled(if: Place.program != nil, "there is no program beside the tests: swift build --product timenode"),
    .timeLimit(.minutes(2))
)
struct LiveRunTests {
    private func run(_ scenario: Scenario, _ driver: LiveDriver) async throws -> LiveRecord.Reading {
        let run = LiveRun(
            scenario: scenario, profile: try Scenarios.profile(), seed: 3, driver: driver,
            program: try #require(Place.program)
        )
        return try await run.run().checkedReading(collectsTimeline: true)
    }

    @Test("on loopback a killed process is noticed at once and linked again once it is back")
    func loopback() async throws {
        let scenario = try Scenarios.scenario(["{at: 4s, kill: {node: n3, down: 1s}}"], duration: "20s")
        let reading = try await run(scenario, .live)
        #expect(try #require(reading.metrics[.detection]).values.count == 2)
        #expect(try #require(reading.metrics[.detection]?.values.max()) < 1)
        #expect(try #require(reading.metrics[.recovery]).values.count == 1)
        #expect(reading.metrics[.falseDisconnects]?.values == [0])
        #expect(reading.timeline.count == 3)
        #expect(reading.metrics[.residentBytes] != nil && reading.metrics[.messages] == nil)
    }

    @Test(
        "between namespaces a machine that loses power falls silent until keepalive notices",
        .enabled(if: hasNamespaces, "\(namespaceReason)")
    )
    func namespaces() async throws {
        let scenario = try Scenarios.scenario(["{at: 3s, power_loss: {node: n3, for: 6s}}"], duration: "14s")
        let reading = try await run(scenario, .netns)
        let waits = try #require(reading.metrics[.detection])
        // Two seconds idle and a user timeout of four, and at least what is left of them; nobody is told earlier.
        #expect(waits.values.count == 2 && waits.censored.isEmpty)
        #expect(waits.values.allSatisfy { (1.5...5).contains($0) }, "\(waits.values)")
        #expect(try #require(reading.metrics[.recovery]).values.count == 1)
    }

    @Test(
        "a comparison that is interrupted says so and leaves no namespace",
        .enabled(if: hasNamespaces, "\(namespaceReason)")
    )
    func interrupting() async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(Place.program))
        process.arguments = [
            "compare", Place.file("scenarios/fidelity/profiles/keepalive.yaml"), "--scenario",
            Place.file("scenarios/fidelity/partition.yaml"), "--driver", "netns", "--seeds", "1",
        ]
        process.standardOutput = FileHandle.nullDevice
        let errors = try Spawning.start(process) {
            let pipe = Pipe()
            process.standardError = pipe
            return pipe
        }
        let number = process.processIdentifier
        do {
            _ = try await TimeLimit.poll("the namespaces of the run", within: .seconds(30)) {
                try namespaces(of: number).count == 5 ? true : nil
            }
            kill(number, SIGINT)
        } catch {
            kill(number, SIGKILL)
            throw error
        }
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 2)
        #expect(text.contains("interrupted after 0 runs"), "\(text)")
        #expect(try namespaces(of: number) == [])
    }

    private func namespaces(of process: Int32) throws -> [String] {
        let ip = try #require(Tool.path(of: "ip"))
        return try Tool.run(ip, ["netns", "list"]).split(whereSeparator: \.isNewline).map(String.init)
            .filter { $0.hasPrefix("\(NamespacePair.prefix)-\(process)-") }
    }
}

@Suite("A network of namespaces", .enabled(if: hasNamespaces, "\(namespaceReason)"))
struct NamespaceNetworkTests {
    /// Whether a connection request of one host reaches another: its kernel refuses at once.
    private func reaches(_ network: NamespaceNetwork, _ from: Int, _ to: Int) -> Bool {
        // Three seconds instead of two minutes for a request without an answer.
        let script = "echo 1 > /proc/sys/net/ipv4/tcp_syn_retries; exec 3<>/dev/tcp/\(network.endpoints[to].ip)/9"
        let (program, arguments) = network.command(on: from, "/bin/bash", ["-c", script])
        do {
            try Tool.run(program, arguments)
            return true
        } catch {
            return error.message.contains("refused")
        }
    }

    @Test("each fault takes away what it says and nothing else", arguments: [false, true])
    func faults(hasRelay: Bool) throws {
        var scenario = try Scenarios.scenario()
        if hasRelay { scenario.network.latency = .milliseconds(20) ... .milliseconds(20) }
        let network = try NamespaceNetwork(scenario, seed: 1)
        defer { network.remove() }
        #expect(reaches(network, 0, 1) && reaches(network, 1, 0) && reaches(network, 2, 0))
        try network.apply([.closeInbound(0)])
        #expect(reaches(network, 0, 1) && !reaches(network, 1, 0))
        try network.apply([.openInbound(0), .block(from: 0, to: 1)])
        #expect(!reaches(network, 0, 1) && reaches(network, 0, 2))
        try network.apply([.unblock(from: 0, to: 1), .powerOff(2)])
        try network.losePower(2)
        #expect(!reaches(network, 0, 2) && reaches(network, 0, 1))
        try network.restorePower(2)
        try network.apply([.powerOn(2)])
        #expect(reaches(network, 0, 2) && reaches(network, 2, 1))
    }

    @Test("a host behind address translation dials others and cannot be dialled")
    func translation() throws {
        let network = try NamespaceNetwork(try Scenarios.scenario(), seed: 1)
        defer { network.remove() }
        try network.apply([.translate(0, idle: .seconds(5))])
        #expect(reaches(network, 0, 1) && !reaches(network, 1, 0) && reaches(network, 1, 2))
        try network.apply([.endTranslation(0)])
        #expect(reaches(network, 1, 0))
    }
}

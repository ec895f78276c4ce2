import Kernel
import Lab
import LabLive
import Testing
import TimenodeCommands
import Wire

/// The real kernel beside the simulator. Prints the rows of the table in `docs/fidelity-method.md`.
@Suite(
    "A peer that falls silent, on the real kernel and in the simulator",
    .enabled(if: NamespacePair.unavailableReason() == nil, "\(NamespacePair.unavailableReason() ?? "")"),
    .enabled(if: Place.program != nil, "there is no program beside the tests: swift build --product timenode"),
    .timeLimit(.minutes(5))
)
struct SilentPeerTests {
    /// `node.yaml` promises that a host is gone 15 s after its last word; a timer may be half a second late.
    private static let statedBound = 15.5
    /// What its keepalive and user timeout give where the kernel alone decides: 10 s idle, 20 s unacknowledged, slack.
    private static let kernelBound = 32.0

    private static let busy = SilentPeerCase.traffic(request: "1kB", reply: "1kB", interval: .seconds(2))

    /// Keepalive alone, and pings: what other profiles leave it to.
    static let otherCases = [
        SilentPeerCase(
            name: "keepalive 30 s/10 s/3, idle",
            profile: Place.file("profiles/2025-12-17-refactor-proposal-count3.yaml"),
            moment: .afterLinkUp(.milliseconds(500)), limit: .seconds(90)
        ),
        SilentPeerCase(
            name: "keepalive 30 s/10 s, count unset, idle",
            profile: Place.file("profiles/2025-12-17-refactor-proposal.yaml"),
            moment: .afterLinkUp(.milliseconds(500)), limit: .seconds(180)
        ),
        SilentPeerCase(
            name: "keepalive 30 s/10 s/3, busy, `tcp_retries2` 5",
            profile: Place.file("profiles/2025-12-17-refactor-proposal-count3.yaml"), overrides: busy, retries: 5,
            moment: .afterAnswer(.milliseconds(100)), limit: .seconds(60)
        ),
        SilentPeerCase(
            name: "ping-pong 30 s/5 s/3, idle", profile: Place.file("node.yaml"),
            overrides: ["modules.liveness.use=ping-pong"], moment: .afterLinkUp(.milliseconds(500)),
            limit: .seconds(180)
        ),
    ]

    /// What ships: 15 s since the last word of the other host, whatever was on the link.
    static let standardCases = [
        SilentPeerCase(
            name: "`node.yaml`, idle", profile: Place.file("node.yaml"), moment: .afterLinkUp(.milliseconds(500)),
            limit: .seconds(90)
        ),
        SilentPeerCase(
            name: "`node.yaml`, busy", profile: Place.file("node.yaml"), overrides: busy,
            moment: .afterAnswer(.milliseconds(100)), limit: .seconds(90)
        ),
        SilentPeerCase(
            name: "`node.yaml`, a byte just before the first probe", profile: Place.file("node.yaml"),
            overrides: SilentPeerCase.traffic(request: "1B", reply: "1B", interval: .milliseconds(4_900)),
            moment: .afterAnswer(.zero), limit: .seconds(90)
        ),
    ]

    private static let keepalive = ["modules.liveness.use=tcp-keepalive"]

    /// The kernel decides alone, by keepalive and user timeout.
    static let kernelCases = [
        SilentPeerCase(
            name: "`tcp-keepalive`, idle", profile: Place.file("node.yaml"), overrides: keepalive,
            moment: .afterLinkUp(.milliseconds(500)), limit: .seconds(90)
        ),
        SilentPeerCase(
            name: "`tcp-keepalive`, busy", profile: Place.file("node.yaml"), overrides: keepalive + busy,
            moment: .afterAnswer(.milliseconds(100)), limit: .seconds(90)
        ),
        SilentPeerCase(
            name: "`tcp-keepalive`, a byte just before the first probe", profile: Place.file("node.yaml"),
            overrides: keepalive
                + SilentPeerCase.traffic(request: "1B", reply: "1B", interval: .milliseconds(9_900)),
            moment: .afterAnswer(.zero), limit: .seconds(90)
        ),
    ]

    @Test("keepalive alone, and pings, take as long as the simulator says", arguments: otherCases)
    func others(_ experiment: SilentPeerCase) async throws {
        _ = try await row(of: experiment)
    }

    @Test("node.yaml takes as long as the simulator says, and never longer than it states", arguments: standardCases)
    func standard(_ experiment: SilentPeerCase) async throws {
        let row = try await row(of: experiment)
        let seconds = try #require(row.real.seconds)
        #expect(seconds >= 9 && seconds <= Self.statedBound)
        #expect(row.simulated.maximum <= Self.statedBound)
    }

    @Test("a user timeout bounds what keepalive alone does not", arguments: kernelCases)
    func kernel(_ experiment: SilentPeerCase) async throws {
        let row = try await row(of: experiment)
        #expect(try #require(row.real.seconds) <= Self.kernelBound)
        #expect(row.simulated.maximum <= Self.kernelBound)
    }

    /// Runs the real case, then the simulated one at the very moment of the real one.
    private func row(of experiment: SilentPeerCase) async throws -> FidelityRow {
        let program = try #require(Place.program)
        let real = try await SilentPeerExperiment(program: program).run(experiment)
        let simulation = SilentPeerSimulation(registry: .standard)
        let simulated = try await simulation.run(experiment.at(real.moment), seeds: 1...101)
        let row = FidelityRow(name: experiment.name, simulated: simulated, real: real.outcome)
        print(row.markdown)
        let deviation = try #require(row.deviation, "the real link never ended")
        #expect(abs(deviation) <= 0.05, "\(row.markdown)")
        #expect(simulated.reasons == [real.outcome.reason] && simulated.open == 0)
        return row
    }
}

extension SilentPeerCase: CustomTestStringConvertible {
    public var testDescription: String { name }
}

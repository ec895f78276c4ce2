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
    /// `node.yaml` promises that a silent peer is gone after this long.
    private static let statedBound = 32.0
    /// Nobody may wait longer than this, whatever the profile's comments say.
    private static let hardBound = 45.0

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

    /// What ships.
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
            overrides: SilentPeerCase.traffic(request: "1B", reply: "1B", interval: .milliseconds(9_900)),
            moment: .afterAnswer(.zero), limit: .seconds(90)
        ),
    ]

    /// `layered`: 15 s since the last word of the other host, whatever was on the link.
    static let layeredCases = [
        SilentPeerCase(
            name: "`layered`, idle", profile: Place.file("node.yaml"), overrides: ["modules.liveness.use=layered"],
            moment: .afterLinkUp(.milliseconds(500)), limit: .seconds(90)
        ),
        SilentPeerCase(
            name: "`layered`, busy", profile: Place.file("node.yaml"),
            overrides: ["modules.liveness.use=layered"] + busy, moment: .afterAnswer(.milliseconds(100)),
            limit: .seconds(90)
        ),
        SilentPeerCase(
            name: "`layered`, a byte just before the first probe", profile: Place.file("node.yaml"),
            overrides: ["modules.liveness.use=layered"]
                + SilentPeerCase.traffic(request: "1B", reply: "1B", interval: .milliseconds(4_900)),
            moment: .afterAnswer(.zero), limit: .seconds(90)
        ),
    ]

    @Test("layered notices a silent host after fifteen seconds, idle or busy", arguments: layeredCases)
    func layered(_ experiment: SilentPeerCase) async throws {
        let row = try await row(of: experiment)
        let seconds = try #require(row.real.seconds)
        #expect(seconds >= 9 && seconds <= 15.5)
        #expect(row.simulated.maximum <= 15.5)
    }

    @Test("keepalive alone, and pings, take as long as the simulator says", arguments: otherCases)
    func others(_ experiment: SilentPeerCase) async throws {
        _ = try await row(of: experiment)
    }

    @Test("node.yaml takes as long as the simulator says, and never longer than it states", arguments: standardCases)
    func standard(_ experiment: SilentPeerCase) async throws {
        let row = try await row(of: experiment)
        let seconds = try #require(row.real.seconds)
        #expect(seconds <= Self.hardBound)
        #expect(seconds <= Self.statedBound)
        #expect(row.simulated.maximum <= Self.statedBound)
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

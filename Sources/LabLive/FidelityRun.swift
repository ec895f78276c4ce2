import Kernel
import Lab

/// One scenario and profile in both worlds: real first, then simulated with the moments that the real run had.
package struct FidelityRun: Sendable {
    package let scenario: Scenario
    package let live: LiveProfile
    package let simulated: SimulatedProfile
    package let driver: LiveDriver
    package let program: String

    /// - Parameter simulated: the same profile with ``LiveProfile/load(of:)`` on top.
    package init(
        scenario: Scenario, live: LiveProfile, simulated: SimulatedProfile, driver: LiveDriver, program: String
    ) {
        self.scenario = scenario
        self.live = live
        self.simulated = simulated
        self.driver = driver
        self.program = program
    }

    /// What one seed gave.
    package struct Outcome: Sendable {
        package var real: RunMetrics
        package var simulated: RunMetrics
    }

    /// Runs the scenario for real with this seed, and then in the simulator with the same one: what modules draw is
    /// the same in both, and so is who is dialled in which order.
    ///
    /// - Throws: as ``LiveRun/run()``; `bad-case` where a node never began to work.
    package func run(seed: UInt64) async throws -> Outcome {
        let run = LiveRun(scenario: scenario, profile: live, seed: seed, driver: driver, program: program)
        let record = try await run.run()
        return try await LiveRun.blocking {
            let reading = try record.checkedReading()
            let measured = try self.measured(reading, seed: seed)
            let simulation = Simulation(measured, profile: self.simulated, seed: seed)
            return Outcome(real: reading.metrics, simulated: try simulation.run().metrics)
        }
    }

    /// The scenario as this machine really ran it.
    private func measured(_ reading: LiveRecord.Reading, seed: UInt64) throws(LiveError) -> Scenario {
        var starts: [Duration] = []
        for (host, start) in reading.starts.enumerated() {
            guard let start else {
                throw LiveError(.badCase, "\(scenario.network.hosts[host].name) never began to work")
            }
            starts.append(start)
        }
        var measured = scenario.asMeasured(
            seed: seed, starts: starts, strikes: reading.strikes, returns: reading.returns, heals: reading.heals
        )
        // The profile has the load, as the real nodes' has: their module draws from a stream of the same name then.
        measured.traffic = nil
        return driver.asOnThisMachine(measured)
    }
}

extension LiveRecord {
    /// The reading, where no event is missing.
    package func checkedReading(collectsTimeline: Bool = false) throws(LiveError) -> Reading {
        let reading = read(collectsTimeline: collectsTimeline)
        if reading.hasGaps {
            throw LiveError(
                .badCase,
                "\(scenario.name): nodes left out some of their events, so the figures would be too low: fewer "
                    + "hosts, or a longer interval between requests, make fewer lines"
            )
        }
        return reading
    }
}

extension LiveDriver {
    /// The scenario with the latencies that this driver really gives it.
    func asOnThisMachine(_ scenario: Scenario) -> Scenario {
        var copy = scenario
        copy.network.isOneMachine = true
        switch self {
        case .live:
            copy.network.latency = .microseconds(15) ... .microseconds(30)
            copy.network.jitter = .microseconds(10)
            copy.network.paths = []
        case .netns:
            // The relay has the scenario's own latencies; a pair of virtual cables takes so long.
            if !PacketRelay.isNeeded(for: scenario) {
                copy.network.latency = .microseconds(40) ... .microseconds(60)
                copy.network.jitter = .microseconds(20)
                copy.network.paths = []
            }
        }
        return copy
    }
}

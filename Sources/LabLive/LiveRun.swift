import Foundation
import Kernel
import Lab
import Wire

/// One run of a scenario on the real kernel: real processes of the real program, real sockets, real time.
package struct LiveRun: Sendable {
    private static let queue = DispatchQueue(label: "timenode.live-run", attributes: .concurrent)

    package let scenario: Scenario
    package let profile: LiveProfile
    package let seed: UInt64
    package let driver: LiveDriver
    /// Path of the `timenode` program.
    package let program: String

    package init(scenario: Scenario, profile: LiveProfile, seed: UInt64, driver: LiveDriver, program: String) {
        self.scenario = scenario
        self.profile = profile
        self.seed = seed
        self.driver = driver
        self.program = program
    }

    /// Runs the scenario to its end. Everything it makes is gone when it returns or throws, also when its task is
    /// cancelled.
    ///
    /// - Throws: ``LiveError`` where the machine does not allow it or a node ends by itself; `CancellationError`.
    package func run() async throws -> LiveRecord {
        if let reason = driver.unavailableReason() {
            throw LiveError(.badCase, "--driver \(driver.rawValue): \(reason)")
        }
        if scenario.traffic != nil, profile.workloads.contains("traffic") {
            throw LiveError(
                .badCase, "\(profile.name) makes traffic of its own and \(scenario.name) declares some: a node has one"
            )
        }
        let (network, folder) = try await Self.blocking {
            let ranks = self.scenario.identityRanks(seed: self.seed)
            let folder = try LiveFolder(ranks: ranks, program: self.program)
            return (try self.makeNetwork(), folder)
        }
        let session = LiveSession(self, network, folder)
        do {
            try await session.perform()
            let record = try await session.finish()
            await session.end()
            return record
        } catch {
            await session.end()
            throw error
        }
    }

    private func makeNetwork() throws(LiveError) -> any LiveNetwork {
        switch driver {
        case .live: LoopbackNetwork(scenario)
        case .netns: try NamespaceNetwork(scenario, seed: seed)
        }
    }

    /// Runs what waits for small programs. Not on the threads of Swift's tasks: who waits for a moment must not be kept
    /// from it.
    static func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// Nanoseconds since 1970 on the clock that nodes date their events by.
func wallNanoseconds() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

import Kernel
import Testing
import Wire

@testable import Lab

/// A black hole that heals when the end out of turn has noticed it, and before the other has.
struct SilenceRedialTests {
    /// A has the turn. From the second minute on B hears nothing, and 8 s later A hears nothing either.
    private func run(healedAfter length: Duration?, seed: UInt64) throws -> TwoHosts.Outcome {
        try TwoHosts(
            links: "handshake: signed, direction: lower-address", liveness: "use: layered", duration: .seconds(200),
            faults: [
                .drop(from: 0, to: 1, at: .seconds(120), for: length),
                .drop(from: 1, to: 0, at: .seconds(128), for: length.map { $0 - .seconds(8) }),
            ]
        ).run(seed: seed)
    }

    @Test("the end that hears nothing is back within about a second, although the other still counts on the dead link")
    func back() throws {
        for seed in UInt64(1)...6 {
            let noticed = try #require(try run(healedAfter: nil, seed: seed).ends(at: "B").first)
            #expect(noticed.reason == .timedOut)
            let outcome = try run(
                healedAfter: .seconds(noticed.at - 120) + .milliseconds(1), seed: seed)
            let back = try #require(outcome.ups(at: "B").first { $0 > noticed.at })
            // Half of redial_initial, out_of_turn_delay, and six times 40 ms.
            #expect(back - noticed.at < 0.25 + 0.5 + 0.25, "seed \(seed)")
            #expect(outcome.ends(at: "A").map(\.reason) == [.superseded])
        }
    }
}

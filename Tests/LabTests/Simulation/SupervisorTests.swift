import Kernel
import Testing
import Wire

@testable import Lab

/// A program that restarts nodes which do not answer it.
struct SupervisorTests {
    private let patient = Supervisor(
        interval: .seconds(10), timeout: .seconds(3), misses: 2, grace: .zero, down: .seconds(1), answer: .loop
    )

    /// When processes of a host began to work, in seconds by its own clock.
    private func starts(_ outcome: TwoHosts.Outcome, _ host: String) -> [Double] {
        outcome.records.compactMap {
            guard $0.host == host, case .process = $0.content else { return nil }
            return Double($0.time) / 1e9
        }
    }

    @Test("a process that stands still for two questions is restarted, and one that does for a moment is not")
    func stalled() throws {
        let long = try TwoHosts(faults: [.stall(1, at: .seconds(100), for: .seconds(150))], supervisor: patient).run()
        let second = try #require(starts(long, "B").dropFirst().first)
        // The second question comes 10 to 20 s after the stall begins, its patience ends 3 s later, and a start takes 1 s.
        #expect(second >= 114 && second <= 124)
        #expect(starts(long, "A").count == 1)
        #expect(try #require(long.figure(.restarts)) == 6)
        #expect(try #require(long.ups(at: "B").last) < 130)
        let short = try TwoHosts(faults: [.stall(1, at: .seconds(100), for: .seconds(3))], supervisor: patient).run()
        #expect(starts(short, "B").count == 1)
        #expect(short.figure(.restarts) == 0)
    }

    @Test(
        "a busy node is taken for a sick one where its loop has to answer, and not where the answer is published beside it"
    )
    func busy() throws {
        func restarts(_ answer: Supervisor.Answer, grace: Duration = .zero) throws -> Double? {
            var supervisor = patient
            supervisor.answer = answer
            supervisor.grace = grace
            var hosts = TwoHosts(
                duration: .seconds(600), traffic: .init(requestBytes: 10, replyBytes: 10, interval: .seconds(1)),
                supervisor: supervisor)
            hosts.network = { $0.service = ServiceCost(message: .seconds(2)) }
            return try hosts.run().figure(.restarts)
        }
        // A request and a reply of 2 s each, and what was due meanwhile: a question often finds more than 3 s of work.
        #expect(try #require(try restarts(.loop)) > 10)
        #expect(try restarts(.snapshot) == 0)
        #expect(try restarts(.loop, grace: .seconds(1000)) == 0)
    }

    @Test("without a supervisor there is no figure of it, and a scenario file may have one")
    func optional() throws {
        #expect(try TwoHosts(duration: .seconds(60)).run().figure(.restarts) == nil)
        let text = """
            summary: x
            duration: 60s
            network: {count: 2}
            supervisor: {interval: 5s, answer: snapshot}

            """
        let scenario = try #require(Scenario.load(text: text, name: "x").value)
        let supervisor = try #require(scenario.supervisor)
        #expect(supervisor.interval == .seconds(5) && supervisor.timeout == .seconds(3) && supervisor.misses == 2)
        #expect(supervisor.answer == .snapshot)
    }
}

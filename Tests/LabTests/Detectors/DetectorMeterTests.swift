import Kernel
import Profile
import Testing
import Wire

@testable import Lab

@Suite("The study of liveness modules") struct DetectorMeterTests {
    private func figures(_ liveness: String, _ scenario: String, seed: UInt64 = 1) throws -> DetectorFigures {
        let loaded = Scenario.load(text: scenario, name: "study")
        let plan = try #require(loaded.value, "\(loaded.renderedDiagnostics())")
        let profile = """
            node: {network_file: network.yaml}
            modules:
              transport: {use: tcp}
              links: {use: single-link}
              discovery: {use: [masternode-priority]}
              liveness: {\(liveness)}
              consensus: {use: slot-leader}
              store: {use: memory}
            """
        let outcome = ProfileLoader(catalogue: Registry.lab.catalogue).load(text: profile, name: "study.yaml")
        let effective = try #require(outcome.value, "\(outcome.renderedDiagnostics())")
        let meter = DetectorMeter(plan, seed: seed)
        let simulated = try SimulatedProfile(effective, registry: .lab)
        _ = try Simulation(plan, profile: simulated, seed: seed) { meter.see($0) }.run()
        return meter.finish()
    }

    private static let head = """
        summary: A test.
        duration: 10m
        network: {count: 4, slot_interval: 1h}

        """

    @Test("a machine without power is noticed by the three others, within the bounds of the detector's own arithmetic")
    func silence() throws {
        let figures = try figures(
            "use: layered", Self.head + "faults: [{at: 3m, power_loss: {node: '1', for: 4m}}]"
        )
        #expect(figures.detections.count == 3)
        #expect(figures.missed == 0)
        #expect(figures.falseCuts == 0)
        // 15 s since the host's last word, which is an answer to a probe after 5 s of silence and what the timer wheel adds.
        #expect(figures.detections.allSatisfy { $0 > 9 && $0 < 15.1 })
        #expect(figures.hours == 1.0 / 6)
    }

    @Test("a hung process is never noticed by keepalive and counts as missed; layered finds it within three intervals")
    func hung() throws {
        let plan = Self.head + "faults: [{at: 3m, stall: {node: '1', for: 4m}}]"
        let kernel = try figures("use: tcp-keepalive", plan)
        #expect(kernel.detections.isEmpty)
        #expect(kernel.missed == 3)
        #expect(kernel.wait(0.5) == nil)
        let layered = try figures("use: layered", plan)
        #expect(layered.detections.count == 3)
        #expect(layered.detections.allSatisfy { $0 <= 90.5 })
        #expect(layered.falseCuts == 0)
    }

    @Test("a silent host goes as fast on an idle link as on a busy one, whatever echoes have gone out after its death")
    func silentHost() throws {
        for seconds in 0..<30 {
            let plan = Self.head + "faults: [{at: \(180 + seconds)s, power_loss: {node: '1', for: 4m}}]"
            for traffic in ["", "traffic: {request: 1kB, reply: 1kB, interval: 2s}\n"] {
                let figures = try figures("use: layered", traffic + plan, seed: UInt64(seconds))
                #expect(figures.detections.count == 3)
                #expect(figures.detections.allSatisfy { $0 > 9 && $0 < 15.1 }, "\(figures.detections)")
            }
        }
    }

    @Test("a process that works for 50 s without a word costs no link, and one that hangs is found all the same")
    func patience() throws {
        for seconds in 0..<10 {
            let truth = Self.head + "truth: {healthy_if_stall_below: 60s}\n"
            let work = truth + "faults: [{at: \(180 + 3 * seconds)s, stall: {node: '1', for: 50s}}]"
            let figures = try figures("use: layered", work, seed: UInt64(seconds))
            #expect(figures.falseCuts == 0)
            #expect(figures.occasions == 0)
        }
    }

    @Test("one direction that is lost is something to notice for both ends, and for nobody else")
    func oneWay() throws {
        let figures = try figures(
            "use: layered", Self.head + "faults: [{at: 3m, drop: {from: '0', to: '2', for: 4m}}]"
        )
        #expect(figures.occasions == 2)
        #expect(figures.missed == 0)
    }

    @Test("who cuts a node that said that it would work, or that stalled for less than counts, cuts it falsely")
    func healthy() throws {
        let truth = Self.head + "truth: {healthy_if_stall_below: 60s}\n"
        let ping = "use: ping-pong, ping-pong: {interval: 5s, timeout: 2s, misses: 2}"
        let work = truth + "faults: [{at: 3m, long_work: {node: '1', for: 50s}}]"
        #expect(try figures(ping, work).falseCuts >= 3)
        #expect(try figures(ping, work).occasions == 0)
        #expect(try figures("use: layered", work).falseCuts == 0)
        let hasty = "use: layered, layered: {echo_interval: 5s, echo_timeout: 3s, hung_after: 8s}"
        #expect(try figures(hasty, work).falseCuts == 0)
        // The same stall without a word.
        let stall = truth + "faults: [{at: 3m, stall: {node: '1', for: 50s}}]"
        #expect(try figures(hasty, stall).falseCuts >= 3)
    }

    @Test("a middlebox that acknowledges for the dead blinds the kernel and not the echo")
    func middlebox() throws {
        let plan =
            Self.head
            + "faults: [{at: 1m, acknowledging_proxy: {node: all}}, {at: 3m, power_loss: {node: '1', for: 4m}}]"
        #expect(try figures("use: tcp-keepalive", plan).missed == 3)
        let layered = try figures("use: layered", plan)
        #expect(layered.missed == 0)
        #expect(layered.detections.allSatisfy { $0 <= 90.5 })
    }

    @Test("quantiles are over all occasions, the missed ones last")
    func quantiles() {
        var figures = DetectorFigures()
        #expect(figures.wait(0.5) == nil)
        figures.detections = (1...98).map(Double.init)
        figures.missed = 2
        #expect(figures.wait(0.5) == 51)
        #expect(figures.wait(0.98) == 98)
        #expect(figures.wait(0.99) == nil)
        var sum = figures
        sum.add(figures)
        #expect(sum.occasions == 200)
    }

    @Test("a page has a table per case and a row per detector, and says never where there was nothing")
    func page() throws {
        let loaded = DetectorStudy.load(
            text: """
                detectors:
                  - {name: one, reported: "a | b"}
                  - {name: two, set: ["modules.liveness.use=none"], reported: nothing}
                cases:
                  - {scenario: silence, title: Silence, remark: A remark.}
                  - {scenario: calm, title: Calm, hours: 7}
                """, name: "study.yaml"
        )
        let study = try #require(loaded.value, "\(loaded.renderedDiagnostics())")
        #expect(study.cases.map(\.hours) == [100, 7])
        var seen = DetectorFigures()
        seen.detections = [1, 2, 3]
        seen.hours = 2
        seen.nodes = 2
        seen.messages = 400
        var blind = DetectorFigures()
        blind.missed = 3
        blind.hours = 2
        var calm = DetectorFigures()
        calm.falseCuts = 12
        calm.hours = 7
        let page = DetectorPage(study, figures: [[seen, blind], [calm, calm]]).markdown(
            command: "c", study: "s", profile: "p"
        )
        #expect(page.contains("| `one` | 2 s | 3 s | 0 % | 0 | 100 |"))
        #expect(page.contains("| `two` | never | never | 100 % | 0 |"))
        #expect(page.contains("| `one` | 12 |"))
        #expect(page.contains("| `one` | 1 of 1 | 3 s | 12 | 9 |"))
        #expect(page.contains("| `two` | 0 of 1 | – | 12 | 9 |"))
        #expect(page.contains("A remark."))
        #expect(page.contains("a \\| b"))
        #expect(page.hasSuffix("\n"))
    }
}

import Kernel
import Lab
import LabLive
import Testing
import Trace
import Wire

@Suite("The figures of a recorded run") struct LiveRecordTests {
    private let identities = (1...3).map { Identity(key: Bytes32(UInt64($0), 0, 0, 0)) }
    /// 2025-12-17T03:23:00Z.
    private let origin = WallTime(milliseconds: 1_765_941_780_000)

    private func at(_ second: Double, _ content: EventLine.Content) -> EventLine {
        EventLine(at: WallTime(milliseconds: origin.milliseconds + Int64((second * 1_000).rounded())), content)
    }

    private func place(_ host: Int) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 198 << 24 | 18 << 16 | UInt32(host + 1)), port: 24_100)
    }

    private func up(_ second: Double, _ link: UInt64, _ peer: Int, _ direction: LinkDirection) -> EventLine {
        at(second, .event(.linkUp(LinkID(number: link), identities[peer], place(peer), direction)))
    }

    private func lost(
        _ second: Double, _ link: UInt64, _ peer: Int, _ direction: LinkDirection, _ reason: Reason
    ) -> EventLine {
        at(
            second,
            .event(
                .linkEnded(
                    LinkID(number: link), identities[peer], place(peer), reason, .transport, wasUp: true,
                    direction: direction
                )
            )
        )
    }

    private func listening(_ second: Double) -> EventLine { at(second, .listening(place(0))) }

    /// n3 is killed at 10 s, seen gone by n1 at 10.004 and by n2 at 12.5, works again at 15 and is linked at 15.2.
    private func killed() throws -> LiveRecord {
        let scenario = try Scenarios.scenario(["{at: 10s, kill: {node: n3, down: 4s}}"])
        var record = LiveRecord(scenario: scenario, seed: 7, identities: identities, origin: origin)
        record.add(
            [
                listening(0.1), at(0.2, .event(.dialStarted(LinkID(number: 1), place(2), nil))),
                up(0.5, 1, 1, .dialled), up(0.6, 2, 2, .dialled),
                lost(10.003, 2, 2, .dialled, .reset), up(15.2, 3, 2, .dialled),
            ], host: 0, process: 0
        )
        record.add(
            [
                listening(0.2), up(0.5, 1, 0, .accepted), up(0.7, 2, 2, .dialled),
                lost(12.5, 2, 2, .dialled, .timedOut), up(15.1, 3, 2, .dialled),
            ], host: 1, process: 1
        )
        record.add(
            [listening(0.3), up(0.6, 1, 0, .accepted), up(0.8, 2, 1, .accepted)], host: 2, process: 2
        )
        record.add(
            [listening(15), up(15.1, 1, 1, .accepted), up(15.2, 2, 0, .accepted)], host: 2, process: 3
        )
        for step in scenario.faultSteps(seed: 7) { record.add(step, at: step.at.nanoseconds) }
        return record
    }

    @Test("detection counts from the fault, recovery from the moment at which the process works again")
    func waits() throws {
        let reading = try killed().read()
        let metrics = reading.metrics
        let detection = try #require(metrics[.detection])
        #expect(detection.values.count == 2 && detection.censored.isEmpty)
        #expect(abs((detection.values.first ?? 0) - 0.004) < 0.001 && abs((detection.values.last ?? 0) - 2.501) < 0.001)
        #expect(abs((metrics[.recovery]?.values.first ?? 0) - 0.2) < 0.001)
        #expect(abs((metrics[.mesh]?.values.first ?? 0) - 0.5) < 0.001)
        #expect(reading.strikes == [.seconds(10)])
        #expect(reading.returns == [.seconds(14)])
        #expect(reading.heals == [.nanoseconds(15_000_999_999)])
        #expect(reading.starts.map { $0?.nanoseconds } == [100_999_999, 200_999_999, 300_999_999])
    }

    @Test("links, dials and reconnects are counted at the dialler, and a false alarm is none while a peer is down")
    func counts() throws {
        let metrics = try killed().read().metrics
        let hours = 40.0 / 3_600
        #expect(abs((metrics[.reconnects]?.values.first ?? 0) * hours * 3 - 2) < 1e-9)
        #expect(abs((metrics[.dials]?.values.first ?? 0) * hours * 3 - 1) < 1e-9)
        #expect(metrics[.falseDisconnects]?.values == [0])
        #expect(metrics[.linkLifetime]?.values.count == 2 && metrics[.linkLifetime]?.censored.count == 3)
        #expect(metrics[.messages] == nil && metrics[.wakeups] == nil)
        // n1 saw its end at once, n2 held a dead link for two seconds and a half.
        #expect(abs((metrics[.zombieLink]?.values.first ?? 0) - 2.505) < 0.01)
    }

    @Test("a process that stalls is silent by the plan, and links that hold until it runs again were never dropped")
    func stalls() throws {
        let scenario = try Scenarios.scenario(["{at: 10s, stall: {node: n3, for: 5s}}"])
        var record = LiveRecord(scenario: scenario, seed: 1, identities: identities, origin: origin)
        record.add([listening(0.1), up(0.5, 1, 2, .dialled)], host: 0, process: 0)
        record.add([listening(0.1)], host: 1, process: 1)
        record.add([listening(0.1), up(0.5, 1, 0, .accepted)], host: 2, process: 2)
        for step in scenario.faultSteps(seed: 1) { record.add(step, at: step.at.nanoseconds) }
        let metrics = record.read().metrics
        #expect(metrics[.detection] == Samples(values: [], censored: [5]))
        #expect(metrics[.detectionNever]?.values == [1])
        // Both ends count the link as up while nobody reads.
        #expect(abs((metrics[.zombieLink]?.values.first ?? 0) - 10) < 1e-6)
    }

    @Test("blocks, requests and what the machine gave are in the figures; what comes after the end is not")
    func others() throws {
        let scenario = try Scenarios.scenario()
        var record = LiveRecord(scenario: scenario, seed: 1, identities: identities, origin: origin)
        let hash = BlockHash(bytes: identities[0].key)
        for host in 0..<3 {
            record.add(
                [
                    listening(0.1), at(5, .event(.blockAccepted(height: 1, hash: hash, slot: 1))),
                    at(6, .event(.requestSent(id: 1))),
                    at(6.5, .event(.requestAnswered(id: 1, after: .milliseconds(500)))),
                    at(40.5, .event(.blockAccepted(height: 2, hash: hash, slot: 2))),
                ], host: host, process: host
            )
            record.usage.append((host, ProcessUsage(cpuSeconds: 2, residentBytes: 50e6)))
        }
        let metrics = record.read().metrics
        #expect(metrics[.usefulReplies]?.values == [1])
        #expect(metrics[.cpu]?.values == [5])
        #expect(metrics[.residentBytes]?.values == [50e6])
        // No slot ends within forty seconds of an hour's slots, so there is no share of them.
        #expect(metrics[.blocksProduced] == nil)
        #expect(metrics[.logLines]?.values == [0])
    }

    @Test("a stream that lacks events is not taken for a whole one")
    func gaps() throws {
        let scenario = try Scenarios.scenario()
        var record = LiveRecord(scenario: scenario, seed: 1, identities: identities, origin: origin)
        record.add(
            [listening(0.1), at(3, .lost(17))], host: 0, process: 0
        )
        let error = #expect(throws: LiveError.self) { try record.checkedReading() }
        #expect(error?.code == .badCase)
    }
}

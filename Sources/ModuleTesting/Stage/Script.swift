import Kernel
import Wire

/// What happens on the stage: idle nodes, links that come and go among stalls, a link that stands for a day, and one
/// that falls silent for a day. The same for every module.
struct Script {
    private static let rounds = 40
    private static let day: Int64 = 86_400_000_000_000
    /// A long act ends after a day or this many events, whichever comes first.
    private static let actEvents = 15_000
    /// State that grew by a quarter in the second half of an act, and takes more than this, has no bound.
    private static let modestBytes = 16_384

    let stage: Stage
    /// A module that needs links has nothing to do without them.
    let needsLinks: Bool
    private var draws = RandomStream(seed: 11, name: "script")

    init(stage: Stage, needsLinks: Bool) {
        self.stage = stage
        self.needsLinks = needsLinks
    }

    mutating func perform() {
        stage.start()
        if needsLinks { expectNoTimer(.idleness, "is set at the start, before any link came up") }
        stage.advance(.seconds(3600))
        for _ in 0..<Self.rounds where !stage.isOver { comeAndGo() }
        guard !stage.isOver else { return }
        stand(isSilent: false)
        stand(isSilent: true)
        stage.advance(.seconds(3600))
    }

    // MARK: Acts

    /// One to three links come up; traffic, perhaps a stall; then they end in some order, at either end first.
    private mutating func comeAndGo() {
        for _ in 0...draws.below(3) {
            stage.dial(from: Int(draws.below(2)))
            stage.advance(.milliseconds(Int64(draws.below(5000))))
        }
        for _ in 0..<draws.below(6) {
            let place = Int(draws.below(2))
            if let link = stage.places[place].up.last { stage.deliverTraffic(to: place, over: link) }
            stage.advance(.milliseconds(Int64(draws.below(20_000))))
        }
        if draws.chance(1, in: 2) {
            let place = Int(draws.below(2))
            stage.stall(place)
            stage.advance(.milliseconds(Int64(draws.below(200_000))))
            stage.resume(place)
        }
        stage.advance(.milliseconds(Int64(draws.below(60_000))))
        while !stage.wires.isEmpty {
            let wire = stage.wires[Int(draws.below(UInt64(stage.wires.count)))]
            stage.end(wire, first: Int(draws.below(2)))
            stage.advance(.milliseconds(Int64(draws.below(40_000))))
        }
        expectNothingLeft()
    }

    /// One link stands for a day, with a message every 20 s each way, or in silence.
    private mutating func stand(isSilent: Bool) {
        stage.dial(from: 0)
        stage.advance(.seconds(1))
        stage.watch.startSampling()
        stage.isSilent = isSilent
        let (began, firstEvent) = (stage.now, stage.events)
        while !stage.isOver, stage.now - began < Self.day, stage.events - firstEvent < Self.actEvents {
            stage.advance(.seconds(20))
            guard !isSilent else { continue }
            for place in stage.places.indices {
                if let link = stage.places[place].up.last { stage.deliverTraffic(to: place, over: link) }
            }
        }
        stage.isSilent = false
        judgeGrowth(stage.watch.endSampling(), isSilent)
        while let wire = stage.wires.first {
            stage.end(wire, first: 0)
            stage.advance(.seconds(1))
        }
        expectNothingLeft()
    }

    // MARK: Judgement

    private func expectNothingLeft() {
        guard !stage.isOver else { return }
        stage.advance(.seconds(1))
        if needsLinks { expectNoTimer(.cleanUp, "is left after the last link went down") }
    }

    private func expectNoTimer(_ rule: ConformanceRule, _ what: String) {
        for place in stage.places where place.up.isEmpty {
            guard let deadline = place.node.nextDeadline else { continue }
            let delay = (deadline - Instant(nanoseconds: stage.now)).seconds
            stage.watch.report(rule, "a timer \(what); it is due in \(delay) s")
        }
    }

    private func judgeGrowth(_ samples: [Watch.Sample], _ isSilent: Bool) {
        guard let first = samples.first?.time, let last = samples.last?.time else { return }
        let middle = first + (last - first) / 2
        var probes: [Int] = []
        for sample in samples where !probes.contains(sample.probe) { probes.append(sample.probe) }
        for probe in probes {
            let own = samples.filter { $0.probe == probe }
            let early = own.filter { $0.time <= middle }.map(\.bytes).max() ?? 0
            let late = own.filter { $0.time > middle }.map(\.bytes).max() ?? 0
            if late > Self.modestBytes, late * 4 > early * 5 {
                let hours = (last - first).seconds / 3600
                stage.watch.report(
                    .boundedness,
                    "over \(Int(hours.rounded())) h of one \(isSilent ? "silent" : "busy") link the state grew to "
                        + "\(late) bytes and went on growing (\(early) in the first half)"
                )
            }
        }
    }
}

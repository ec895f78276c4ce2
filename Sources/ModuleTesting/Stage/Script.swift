import Kernel
import Wire

/// What happens on the stage: idle nodes, links that come and go among stalls, a link that stands for a day, and one
/// that falls silent for a day. The same for every module.
struct Script {
    private static let rounds = 40
    private static let day: Int64 = 86_400_000_000_000
    /// A long act ends after a day or this many events, whichever comes first.
    private static let actEvents = 15_000

    let stage: Stage
    private var draws = RandomStream(seed: 11, name: "script")

    init(stage: Stage) {
        self.stage = stage
    }

    private var needsLinks: Bool { stage.act.needsLinks }

    /// - Throws: where a successor cannot be made.
    mutating func perform() throws {
        stage.start()
        if needsLinks { expectNoTimer(.idleness, "is set at the start, before any link came up") }
        stage.advance(.seconds(3600))
        for _ in 0..<Self.rounds where !stage.isOver { try comeAndGo() }
        guard !stage.isOver else { return }
        stand(isSilent: false)
        stand(isSilent: true)
        stage.advance(.seconds(3600))
        if stage.act.makesBlocks { expectBlocks() }
    }

    // MARK: Acts

    /// One to three links come up; traffic, perhaps a stall; then they end in some order, at either end first.
    private mutating func comeAndGo() throws {
        for _ in 0...draws.below(3) {
            stage.dial(from: Int(draws.below(2)))
            stage.advance(.milliseconds(Int64(draws.below(5000))))
        }
        for _ in 0..<draws.below(6) {
            let place = Int(draws.below(2))
            if let link = stage.places[place].up.last { disturb(place, link) }
            stage.advance(.milliseconds(Int64(draws.below(20_000))))
        }
        if stage.watch.handsOver, draws.chance(1, in: 2) { try handOver() }
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
                if let link = stage.places[place].up.last { disturb(place, link) }
            }
        }
        stage.isSilent = false
        Growth.judge(stage.watch.endSampling(), of: isSilent ? "one silent link" : "one busy link", stage.watch)
        while let wire = stage.wires.first {
            stage.end(wire, first: 0)
            stage.advance(.seconds(1))
        }
        expectNothingLeft()
    }

    private mutating func disturb(_ place: Int, _ link: LinkID) {
        let status = stage.places[place].node.chainStatus
        let tip = ChainEnd(height: status.height, hash: status.hash)
        stage.deliver(stage.noise.next(&draws, at: stage.now, over: tip), to: place, over: link)
    }

    /// One process ends, and a successor goes on; then there is a link again.
    private mutating func handOver() throws {
        let place = Int(draws.below(2))
        try stage.handOver(place)
        if needsLinks { expectNoTimer(.idleness, "is set by a successor before any link came up") }
        stage.advance(.milliseconds(Int64(draws.below(5000))))
        stage.dial(from: Int(draws.below(2)))
        stage.advance(.milliseconds(Int64(draws.below(30_000))))
    }

    // MARK: Judgement

    /// Two masternodes that are linked and undisturbed make blocks.
    private mutating func expectBlocks() {
        let before = stage.places.map(\.node.chainStatus.height)
        stage.dial(from: 0)
        stage.advance(.seconds(3600))
        for (place, height) in zip(stage.places, before) where place.node.chainStatus.height <= height {
            stage.watch.report(
                .progress, "an hour with enough masternodes linked made no block: the height is \(height) as before"
            )
        }
        let ends = stage.places.map(\.node.chainStatus)
        if ends[0].height.distance(to: ends[1].height).magnitude > 1 {
            stage.watch.report(
                .agreement, "two linked nodes are at heights \(ends[0].height) and \(ends[1].height) after an hour"
            )
        }
        while let wire = stage.wires.first {
            stage.end(wire, first: 0)
            stage.advance(.seconds(1))
        }
    }

    private func expectNothingLeft() {
        guard !stage.isOver else { return }
        stage.advance(.seconds(1))
        if needsLinks { expectNoTimer(.cleanUp, "is left after the last link went down") }
    }

    private func expectNoTimer(_ rule: ConformanceRule, _ what: String) {
        for place in stage.places where place.up.isEmpty {
            guard let deadline = place.node.nextDeadline else { continue }
            let delay = (deadline - Instant(nanoseconds: stage.now)).seconds
            // A state that cannot be written out is a breach of its own, and leaves the timer without a name.
            let timer = (try? place.node.checkpoint())?.timers.first
            let name = timer.map { "timer \(stage.watch.words($0.code))" } ?? "a timer"
            stage.watch.report(rule, "\(name) \(what); it is due in \(delay) s")
        }
    }
}

import Kernel
import Wire

/// What happens on the stage of links: nothing, then faults of every kind with calm in between, a crowd of strangers, a
/// day without an event, and the end of all links. The same for every module.
struct LinksScript {
    private static let rounds = 18
    /// A peer may be left alone for minutes after refusals.
    private static let calm = Duration.seconds(600)
    private static let crowd = 300

    let stage: LinksStage
    let limits: LinkLimits?
    private var draws = RandomStream(seed: 17, name: "links script")
    private var strangers: StrangerWords

    init(stage: LinksStage, limits: LinkLimits?) {
        self.stage = stage
        self.limits = limits
        strangers = StrangerWords(network: StageNetwork.view.name)
    }

    /// - Throws: where a successor cannot be made.
    mutating func perform() throws {
        stage.start()
        expectNoTimer(.idleness, "is set where nobody is wanted and nobody has called")
        stage.advance(.seconds(3600))
        for round in 0..<Self.rounds where !stage.isOver {
            try trouble()
            if round % 3 == 2 { try settle() }
        }
        guard !stage.isOver else { return }
        if limits != nil { passersBy() }
        flood()
        try settle()
        standForADay()
        windDown()
        stage.shutDown()
    }

    // MARK: Acts

    /// Wishes change, and something goes wrong.
    private mutating func trouble() throws {
        for place in stage.places.indices where draws.chance(1, in: 2) {
            let wanted = stage.places.indices.filter { _ in draws.chance(1, in: 2) }
            stage.want(wanted, by: place, draws.chance(1, in: 4) ? .start : .periodic, barely: draws.chance(1, in: 4))
        }
        advance(below: 8_000)
        for _ in 0...draws.below(3) {
            switch draws.below(8) {
            case 0, 1: try restart()
            case 2: if let line = anyLine() { stage.reset(line) }
            case 3: declareDead()
            case 4:
                let (first, second) = (Int(draws.below(4)), Int(draws.below(4)))
                if first != second { stage.cut(first, second) }
            case 5: stage.heal()
            default: stranger(at: Int(draws.below(4)))
            }
            advance(below: 20_000)
        }
        for place in stage.places.indices where stage.places[place].isDown {
            try stage.restart(place, inherits: stage.watch.handsOver)
            advance(below: 3_000)
        }
        stage.heal()
    }

    /// A process ends and comes back, at once or later; its host may say nothing of it.
    private mutating func restart() throws {
        let place = Int(draws.below(4))
        if stage.places[place].isDown { return }
        let deaths = LinksStage.Death.allCases
        stage.kill(place, deaths[Int(draws.below(UInt64(deaths.count)))])
        guard draws.chance(1, in: 2) else { return }
        advance(below: 500)
        try stage.restart(place, inherits: stage.watch.handsOver)
    }

    private mutating func declareDead() {
        let place = Int(draws.below(4))
        guard let link = stage.places[place].node.table.up.map(\.id).last else { return }
        stage.order(place) { $0.declareDead(link, .silent) }
    }

    /// A connection of nobody's, who says one thing after another.
    private mutating func stranger(at place: Int) {
        let remote = Endpoint(ip: IPAddress(version4: 0xc633_6401 + UInt32(draws.below(200))), port: 5000)
        guard let line = stage.knock(at: place, from: remote) else { return }
        if draws.chance(1, in: 3) { pose(as: stage.places[Int(draws.below(4))].identity, over: line) }
        for _ in 0..<draws.below(5) {
            let other = stage.places[Int(draws.below(4))].identity
            let message = strangers.next(&draws, posingAs: other, own: stage.places[place].identity)
            stage.say(message, over: line)
            advance(below: 300)
        }
        if draws.chance(1, in: 2) { stage.hangUp(line) }
    }

    /// Somebody goes through every handshake there is under another's name.
    private mutating func pose(as other: Identity, over line: Int) {
        for message in [strangers.hello(&draws, as: other), .ready, .proof(Proof(signature: .none)), .ready] {
            stage.say(message, over: line)
            stage.advance(.milliseconds(100))
        }
    }

    /// No faults, and everybody wants everybody: then there is one link for each pair.
    private mutating func settle() throws {
        stage.heal()
        for place in stage.places.indices {
            if stage.places[place].isDown { try stage.restart(place, inherits: stage.watch.handsOver) }
            stage.want(stage.places.indices.filter { $0 != place }, by: place)
        }
        // A process that ended without a word is noticed by a liveness module, some time.
        stage.advance(.seconds(30))
        for place in stage.places.indices { dropTheDead(at: place) }
        stage.advance(Self.calm)
        for first in stage.places.indices {
            for second in stage.places.indices where first < second {
                let count = stage.linksUp(between: first, and: second)
                guard count != 1 else { continue }
                stage.report(
                    .linking,
                    "nodes \(first) and \(second) want each other, nothing is in their way for ten minutes, and they have "
                        + "\(count) links"
                )
            }
        }
    }

    /// A liveness module finds the links whose other end is gone.
    private func dropTheDead(at place: Int) {
        for line in stage.lines where line.ends.contains(where: \.isClosed) || line.isBroken {
            for end in line.ends where end.place == place && !end.isClosed {
                let link = end.link
                stage.order(place) { $0.declareDead(link, .silent) }
            }
        }
    }

    /// Strangers who say nothing, then twice as many; then some who say something.
    private mutating func flood() {
        var held: [Int] = []
        for count in [Self.crowd, 2 * Self.crowd] {
            stage.mostStrangers = 0
            for number in 0..<count {
                let remote = Endpoint(ip: IPAddress(version4: 0x0a00_0000 + UInt32(number * 256)), port: 5000)
                if let line = stage.knock(at: 0, from: remote), number % 4 == 0 {
                    stage.say(strangers.hello(&draws, as: nil), over: line)
                }
                stage.advance(.milliseconds(1))
            }
            held.append(stage.mostStrangers)
            stage.advance(.seconds(600))
            let left = stage.places[0].node.table.entries.count { $0.direction == .accepted && $0.phase != .up }
            if left > 0 {
                stage.report(.cleanUp, "\(left) connections of strangers who say nothing are open after ten minutes")
            }
        }
        if held[1] * 2 > held[0] * 3 {
            stage.report(
                .admission,
                "\(Self.crowd) silent strangers hold \(held[0]) connections, and twice as many hold \(held[1])"
            )
        }
        hangUpStrangers()
    }

    private func hangUpStrangers() {
        for line in stage.lines.indices where stage.lines[line].ends[0].place == nil { stage.hangUp(line) }
        stage.advance(.seconds(60))
    }

    /// One after another comes, names itself, and goes.
    private mutating func passersBy() {
        stage.watch.startSampling()
        for number in 0..<(2 * Self.crowd) {
            let remote = Endpoint(ip: IPAddress(version4: 0x0b00_0000 + UInt32(number * 256)), port: 5000)
            guard let line = stage.knock(at: 0, from: remote) else { continue }
            stage.say(strangers.hello(&draws, as: nil), over: line)
            stage.advance(.milliseconds(100))
            stage.hangUp(line)
            stage.advance(.milliseconds(100))
        }
        Growth.judge(stage.watch.endSampling(), of: "strangers who come and go", stage.watch)
    }

    /// All that is wanted is linked.
    private func standForADay() {
        guard stage.places.indices.allSatisfy({ stage.places[$0].node.table.up.map(\.id).count == 3 }) else { return }
        // What is still to be found out about the peers may take its time.
        stage.advance(.seconds(7200))
        let before = stage.events
        stage.advance(.seconds(86_400))
        if stage.events > before {
            stage.report(
                .idleness, "a day in which all that is wanted was linked cost \(stage.events - before) wake-ups"
            )
        }
    }

    /// Nobody is wanted any more, and all links end.
    private func windDown() {
        for place in stage.places.indices { stage.want([], by: place) }
        for line in stage.lines.indices where stage.lines[line].ends.contains(where: { !$0.isClosed }) {
            stage.reset(line)
        }
        stage.advance(.seconds(3600))
        expectNoTimer(.cleanUp, "is left an hour after the last link ended and nobody is wanted")
        for place in stage.places where place.node.linkCount > 0 {
            stage.report(.cleanUp, "\(place.node.linkCount) links are left although every connection has ended")
        }
    }

    // MARK: -

    private func expectNoTimer(_ rule: ConformanceRule, _ what: String) {
        for place in stage.places where !place.isDown {
            guard let deadline = place.node.nextDeadline else { continue }
            stage.report(
                rule, "a timer \(what); it is due in \((deadline - Instant(nanoseconds: stage.now)).seconds) s")
        }
    }

    private mutating func anyLine() -> Int? {
        let open = stage.lines.indices.filter { line in stage.lines[line].ends.contains { !$0.isClosed } }
        return open.isEmpty ? nil : open[Int(draws.below(UInt64(open.count)))]
    }

    private mutating func advance(below milliseconds: UInt64) {
        stage.advance(.milliseconds(Int64(draws.below(milliseconds))))
    }
}

import Kernel

/// Goes through all orders of so many events from one start, each state once.
///
/// Every state is one where the faults may stop: it is left to itself in each manner and has to come to one link.
package struct GlareExplorer {
    /// What was gone through.
    package struct Tally: Sendable, Hashable {
        /// States that differ in anything that what follows depends on.
        package var states = 0
        /// Events that were let happen.
        package var events = 0
        /// States in which both ends have a dial of theirs under way or up.
        package var bothDialled = 0
        /// States in which each end has taken a dial of the other's in.
        package var bothAccepted = 0
        /// States with two or more connections of one and the same dialler.
        package var sameDialler = 0
        /// States in which the ends have different links up.
        package var disagreeing = 0
        /// The longest that a pair took to have the link that it keeps.
        package var slowest = Duration.zero

        package init() {}

        package mutating func add(_ other: Tally) {
            states += other.states
            events += other.events
            bothDialled += other.bothDialled
            bothAccepted += other.bothAccepted
            sameDialler += other.sameDialler
            disagreeing += other.disagreeing
            slowest = max(slowest, other.slowest)
        }
    }

    private let setup: GlareSetup
    private let allowance: GlareAllowance
    private let prefix: [GlareEvent]
    private let manners: [GlareManner]
    /// States that were seen, with how many events were left: from further on, more can be reached.
    private var seen: [CanonicalHash: UInt8] = [:]
    /// How long each pair that had nothing on the way any more took from there, by manner. Many states come to the same.
    private var quiet: [[CanonicalHash: Duration]]
    private var path: [GlareEvent] = []
    package private(set) var tally = Tally()
    package private(set) var finding: GlareFinding?

    /// - Parameters:
    ///   - prefix: what happens first, in this order alone.
    package init(
        _ setup: GlareSetup, allowance: GlareAllowance = GlareAllowance(), after prefix: [GlareEvent] = [],
        manners: [GlareManner] = GlareManner.all
    ) {
        self.setup = setup
        self.allowance = allowance
        self.prefix = prefix
        self.manners = manners
        quiet = manners.map { _ in [:] }
    }

    /// Goes through all orders of `depth` events; ends at the first state that does not come to one link.
    package mutating func explore(depth: Int) {
        var world = GlareWorld(setup, allowance: allowance)
        for event in prefix {
            precondition(world.isPossible(event), "the start names an event that cannot happen: \(event)")
            world.perform(event)
        }
        visit(&world, remaining: depth)
    }

    private mutating func visit(_ world: inout GlareWorld, remaining: Int) {
        let key = world.canonical
        let before = seen.updateValue(UInt8(remaining), forKey: key)
        if let before, before >= remaining {
            seen[key] = before
            return
        }
        if before == nil {
            tally.states += 1
            world.classify(&tally)
            judge(&world)
        }
        guard remaining > 0, finding == nil else { return }
        for event in world.possible {
            var next = world.fork()
            next.perform(event)
            tally.events += 1
            path.append(event)
            visit(&next, remaining: remaining - 1)
            path.removeLast()
            guard finding == nil else { return }
        }
    }

    private mutating func judge(_ world: inout GlareWorld) {
        var undrawn: RandomStream?
        var calm: [(manner: GlareManner, world: GlareWorld, key: CanonicalHash?)] = []
        for (index, manner) in manners.enumerated() {
            let like = calm.firstIndex { $0.manner.isLike(manner, in: $0.world) }
            if like == nil {
                var left = world.fork()
                left.quieten(manner, random: &undrawn)
                calm.append((manner, left, left.problem == nil ? left.canonical : nil))
            }
            let same = like ?? calm.count - 1
            let key = calm[same].key
            if let key, let needed = quiet[index][key] {
                tally.slowest = max(tally.slowest, needed)
                continue
            }
            var left = calm[same].world.fork()
            let problem = GlareJudge.problem(ofQuiet: &left, manner, &undrawn)
            tally.slowest = max(tally.slowest, left.changedAt)
            guard let problem else {
                if let key { quiet[index][key] = left.changedAt }
                continue
            }
            finding = GlareFinding(
                setup: setup, allowance: allowance, events: prefix + path, manner: manner, settlingSeed: nil,
                problem: problem
            ).shrunk()
            return
        }
    }
}

extension GlareWorld {
    /// Counts what kind of crossing a state is.
    func classify(_ tally: inout GlareExplorer.Tally) {
        var live = [0, 0]
        var accepted = [0, 0]
        for connection in connections where !connection.isOver {
            let dialler = connection.dialler
            if !connection.isClosed[dialler] { live[dialler] += 1 }
            if connection.isTaken, !connection.isClosed[1 - dialler] { accepted[1 - dialler] += 1 }
        }
        if live[0] > 0, live[1] > 0 { tally.bothDialled += 1 }
        if accepted[0] > 0, accepted[1] > 0 { tally.bothAccepted += 1 }
        if live[0] > 1 || live[1] > 1 { tally.sameDialler += 1 }
        let up = (0...1).map { host in hosts[host].up.first.flatMap { connection(of: $0, at: host) } }
        if let first = up[0], let second = up[1], first != second { tally.disagreeing += 1 }
    }
}

import Kernel
import Wire

/// How a pair is left to itself.
package struct GlareManner: Sendable, Hashable, CustomStringConvertible {
    /// Which end hears first of what is on the way to both.
    package var first: Int
    /// Of a connection that fell silent while both ends held it: which end finds out.
    package var notices: Int

    package init(first: Int, notices: Int) {
        self.first = first
        self.notices = notices
    }

    /// Whether a pair that was left to itself in this manner went as it would have gone in another one.
    func isLike(_ other: GlareManner, in world: GlareWorld) -> Bool {
        (first == other.first || !world.hadOrder) && (notices == other.notices || !world.hadNotice)
    }

    package static let all = [0, 1].flatMap { first in [0, 1].map { GlareManner(first: first, notices: $0) } }

    package var description: String {
        "\(GlareEvent.name(first)) hears first, \(GlareEvent.name(notices)) finds out"
    }
}

extension GlareWorld {
    /// Faults stop, and everything on the way arrives at once.
    ///
    /// A link that is dead and that one end knows to be dead needs no second one to find out: the first comes back and
    /// takes over. Where an end does not dial, it does, and both ends are told.
    ///
    /// - Parameter random: draws what arrives next; without it `manner` decides.
    package mutating func quieten(_ manner: GlareManner, random: inout RandomStream?) {
        settled = .zero
        changedAt = .zero
        (hadOrder, hadNotice) = (false, false)
        tellOfDead(manner)
        exhaust(manner, &random)
    }

    /// Time passes for both ends alike until `limit`, and what is sent arrives at once.
    ///
    /// - Precondition: nothing is on the way (`quieten`).
    /// - Returns: how long the pair took to have the link that it has at the end.
    package mutating func settle(
        _ manner: GlareManner, for limit: Duration, random: inout RandomStream?
    ) -> Duration {
        while problem == nil, let next = nextTimer, settled + next <= limit {
            settled += next
            pass(next)
            exhaust(manner, &random)
        }
        return changedAt
    }

    private mutating func exhaust(_ manner: GlareManner, _ random: inout RandomStream?) {
        repeat { deliverAll(manner, &random) } while problem == nil && (tellHolder() || tellOneOfTwo(manner))
    }

    private mutating func tellOfDead(_ manner: GlareManner) {
        for index in connections.indices where connections[index].isTaken && !connections[index].isOver {
            let dialler = connections[index].dialler
            // The transport gives up a dial that is not answered, without anybody's help.
            if connections[index].isSilent, !connections[index].isOpen, !connections[index].isClosed[dialler] {
                lose(index, at: dialler, .connectTimeout)
                continue
            }
            let holders = (0...1).filter { !connections[index].isClosed[$0] }
            guard connections[index].isSilent, holders.count == 2 else { continue }
            hadNotice = true
            lose(index, at: manner.notices)
        }
    }

    /// Where an end does not dial: tells one that alone holds a connection, once it has heard what was on the way.
    ///
    /// - Returns: whether there was one.
    private mutating func tellHolder() -> Bool {
        guard !setup.bothDial else { return false }
        for index in connections.indices where connections[index].isTaken && !connections[index].isOver {
            for host in 0...1
            where connections[index].isClosed[1 - host] && !connections[index].isClosed[host]
                && connections[index].inbox[host].isEmpty
            {
                lose(index, at: host)
                return true
            }
        }
        return false
    }

    /// Where each end holds a link of its own that is dead, neither dials: one of them has to find out, and then the
    /// other hears of it.
    ///
    /// - Returns: whether they did.
    private mutating func tellOneOfTwo(_ manner: GlareManner) -> Bool {
        var held: [Int] = []
        for host in 0...1 {
            guard let link = hosts[host].up.first, let index = connection(of: link, at: host) else { return false }
            let isDead = connections[index].isSilent || connections[index].isClosed[1 - host]
            guard isDead, connections[index].inbox[host].isEmpty else { return false }
            held.append(index)
        }
        guard held[0] != held[1] else { return false }
        hadNotice = true
        lose(held[manner.notices], at: manner.notices)
        return true
    }

    private mutating func deliverAll(_ manner: GlareManner, _ random: inout RandomStream?) {
        var count = 0
        while problem == nil {
            guard let event = nextArrival(manner, &random) else { return }
            perform(event)
            count += 1
            if count > 2000 { problem = "the nodes never stop talking" }
        }
    }

    private mutating func nextArrival(_ manner: GlareManner, _ random: inout RandomStream?) -> GlareEvent? {
        guard random == nil else {
            let events = arrivals
            guard !events.isEmpty, let draw = random?.below(UInt64(events.count)) else { return nil }
            return events[Int(draw)]
        }
        let first = firstArrival(at: manner.first)
        let other = firstArrival(at: 1 - manner.first)
        if first != nil, other != nil { hadOrder = true }
        return first ?? other
    }

    /// Nil when there is exactly one link, up at both ends over the same connection, and both route by it.
    package var verdict: String? {
        if let problem { return problem }
        for host in 0...1 {
            let links = hosts[host].node.table.entries
            guard links.count == 1, links[0].phase == .up else {
                let list = links.map { "\($0.id) \($0.direction) \($0.phase)" }.joined(separator: ", ")
                return "\(GlareEvent.name(host)) ends with \(list.isEmpty ? "no link" : list)"
            }
            guard hosts[host].node.route(to: setup.identity(1 - host)) == links[0].id else {
                return "\(GlareEvent.name(host)) routes past its link"
            }
        }
        let held = (0...1).map { connection(of: hosts[$0].node.table.entries[0].id, at: $0) }
        return held[0] == held[1] ? nil : "each end holds another connection for the link"
    }
}

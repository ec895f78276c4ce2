import Kernel
import Wire

@testable import Links

extension PairWorld {
    /// One thing that can happen next without time passing.
    enum Move {
        case request(Int)
        case deliver(Int, to: Int)
        case answer(host: Int)
    }

    /// Everything that can happen next, in a fixed order.
    var moves: [Move] {
        var moves: [Move] = []
        for index in connections.indices {
            let connection = connections[index]
            guard !connection.isHeld else { continue }
            if !connection.isOpen, !connection.isOver, hosts[1 - connection.dialler].power != .dark {
                moves.append(.request(index))
            }
            for host in 0...1 where hosts[host].power == .on && !connection.inbox[host].isEmpty {
                moves.append(.deliver(index, to: host))
            }
        }
        for host in 0...1 where !hosts[host].answers.isEmpty { moves.append(.answer(host: host)) }
        return moves
    }

    func perform(_ move: Move) {
        switch move {
        case .request(let index): answerRequest(index)
        case .deliver(let index, let host): deliver(index, to: host)
        case .answer(let host): feed(hosts[host].answers.removeFirst(), to: host)
        }
    }

    /// Draws `steps` steps: mostly deliveries, some time, and faults.
    func disturb(steps: Int, _ random: inout RandomStream) {
        for _ in 0..<steps where problem == nil {
            let moves = moves
            switch random.below(100) {
            case 0..<70 where !moves.isEmpty: perform(moves[Int(random.below(UInt64(moves.count)))])
            case 0..<88: pass(random.duration(below: .seconds(4)))
            default: strike(&random)
            }
        }
    }

    /// Lets time pass to the next deadline, and not beyond `limit` from now.
    private func pass(_ limit: Duration) {
        let target = now + limit
        advance(to: min(nextDeadline ?? target, target))
    }

    private func strike(_ random: inout RandomStream) {
        let host = Int(random.below(2))
        let connection = connections.isEmpty ? nil : Int(random.below(UInt64(connections.count)))
        switch random.below(10) {
        case 0: stop(host, .down)
        case 1: stop(host, .dark)
        case 2, 3: if hosts[host].power != .on { start(host) }
        case 4, 5: if let connection { lose(connection, at: host) }
        default: if let connection { connections[connection].isHeld.toggle() }
        }
    }

    /// Faults stop: everything on the way arrives, in an order that is drawn, and `duration` passes.
    func settle(for duration: Duration, _ random: inout RandomStream) {
        for index in connections.indices { connections[index].isHeld = false }
        for host in 0...1 where hosts[host].power != .on { start(host) }
        let end = now + duration
        while problem == nil {
            deliverAll(&random)
            guard let next = nextDeadline, next <= end else { return }
            advance(to: next)
        }
    }

    private func deliverAll(_ random: inout RandomStream) {
        var count = 0
        while problem == nil {
            let moves = moves
            guard !moves.isEmpty else { return }
            perform(moves[Int(random.below(UInt64(moves.count)))])
            count += 1
            if count > 10_000 { problem = "the nodes never stop talking" }
        }
    }

    /// Nil when there is exactly one link, up at both ends, and the routes name it.
    var verdict: String? {
        if let problem { return problem }
        let tables = hosts.map { $0.node?.table.entries ?? [] }
        for host in 0...1 where tables[host].count != 1 || tables[host][0].phase != .up {
            return "node \(host) ends with \(tables[host].map { "\($0.id) \($0.direction) \($0.phase)" })"
        }
        for host in 0...1 where hosts[host].node?.route(to: identities[1 - host]) != tables[host][0].id {
            return "node \(host) routes past its link"
        }
        let places = [hosts[0].place[tables[0][0].id], hosts[1].place[tables[1][0].id]]
        return places[0] == places[1] ? nil : "each node holds another connection for the link"
    }
}

import Kernel
import Wire

extension Collector {
    /// Looks at the pair of two hosts again.
    func changed(_ host: Int, _ peer: Int, in simulation: borrowing Simulation) {
        if let pair = pair(host, peer) { review(pair, simulation) }
        review(recoveryIn: simulation)
    }

    /// Looks at every pair of a host again.
    func changed(_ host: Int, in simulation: borrowing Simulation) {
        for place in pairsOf[host] { review(place.pair, simulation) }
        review(recoveryIn: simulation)
    }

    /// Looks at everything again: a fault struck or healed.
    func allChanged(in simulation: borrowing Simulation) {
        for pair in pairs.indices { review(pair, simulation) }
        review(recoveryIn: simulation)
    }

    private func review(_ index: Int, _ simulation: borrowing Simulation) {
        let now = simulation.now
        let (first, second) = (pairs[index].first, pairs[index].second)
        let forth = reviewLinks(of: first, with: second, simulation)
        let back = reviewLinks(of: second, with: first, simulation)
        let isUseful = canDeliver(first, second, simulation) && canDeliver(second, first, simulation)
        let state: TimelineState =
            if forth + back == 0 { .down } else if !isUseful { .zombie } else if forth > 1, back > 1 { .double } else {
                .up
            }
        if forth > 0, back > 0, !pairs[index].wasLinked {
            pairs[index].wasLinked = true
            linkedPairs += 1
        }
        pairs[index].change(
            to: state, isUseful: isUseful, at: now, countingFrom: max(warmUp, waits.lastStart ?? .max)
        )
        if waits.meshAt == nil, waits.lastStart != nil, linkedPairs == pairs.count { waits.meshAt = now }
    }

    /// Runs the zombie clock of one host's links with a peer.
    /// - Returns: how many there are.
    private func reviewLinks(of host: Int, with peer: Int, _ simulation: borrowing Simulation) -> Int {
        var count = 0
        for index in hostMeters[host].links.indices where hostMeters[host].links[index].peer == peer {
            count += 1
            let link = hostMeters[host].links[index]
            // A stalled process may count a link as up whose connection is over and whose place has another one.
            let isUseful =
                simulation.sockets[link.socket].connection == link.connection && delivers(link.socket, simulation)
            let since = link.uselessSince
            if isUseful, let since {
                tally.zombie += simulation.now - since
                hostMeters[host].links[index].uselessSince = nil
            } else if !isUseful, since == nil {
                hostMeters[host].links[index].uselessSince = simulation.now
            }
        }
        return count
    }

    /// Whether a message that `from` routes to `to` now would be read there.
    private func canDeliver(_ from: Int, _ to: Int, _ simulation: borrowing Simulation) -> Bool {
        guard let node = simulation.hosts[from].node, let link = node.route(to: simulation.hosts[to].identity),
            let socket = simulation.socket(of: link, from)
        else { return false }
        return delivers(socket, simulation)
    }

    /// Whether what this socket sends now would be read by the other end's process.
    private func delivers(_ socket: Int, _ simulation: borrowing Simulation) -> Bool {
        let other = socket ^ 1
        guard simulation.sockets[socket].phase == .open, !simulation.sockets[socket].isWriteShut,
            simulation.sockets[other].phase == .open, simulation.sockets[other].isReading,
            let link = simulation.sockets[other].link
        else { return false }
        let (sender, receiver) = (simulation.sockets[socket].host, simulation.sockets[other].host)
        guard hostMeters[sender].isHealthy, hostMeters[receiver].isHealthy,
            simulation.hosts[receiver].power.isAlive, simulation.wouldReach(socket)
        else { return false }
        // A message behind the last word of a handshake is read once that word is.
        let phase = simulation.hosts[receiver].node?.phase(of: link)
        return phase == .up || phase == .handshaking
    }

    func review(recoveryIn simulation: borrowing Simulation) {
        guard let since = waits.recoverySince, waits.pendingHeals == 0 else { return }
        let isWhole = pairs.allSatisfy {
            // A host that was healed and has not started yet is waited for.
            $0.isUseful || !hostMeters[$0.first].isHealthy || !hostMeters[$0.second].isHealthy
        }
        guard isWhole else { return }
        waits.recoveries.append(seconds(simulation.now - since))
        waits.recoverySince = nil
    }
}

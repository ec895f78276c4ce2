import Collections
import Kernel
import Wire

/// Watches a run for what has to hold. It changes nothing, and remembers one violation of each property.
///
/// A run has two phases: while faults strike, only safety counts; once they are over and the scenario's time to recover
/// has passed, the network has to be whole, and it has to be whole at the end.
final class Monitor {
    /// When the network has to be whole, in nanoseconds; nil where the run ends before.
    let judgesAt: Int64?
    private let recoverWithin: Duration
    private let linkBound: Int
    /// What each identity signed, by slot.
    private var signed: [OrderedDictionary<UInt64, BlockHash>]
    private let signer: [Int]
    private var violations: [Violation] = []

    /// What a node may hold of strangers who have proven nothing, where a scenario has any.
    private static let strangersBound = 256

    init(_ scenario: Scenario, seed: UInt64) {
        let hosts = scenario.network.hosts
        recoverWithin = scenario.recoverWithin
        let due = scenario.quietAfter(seed: seed) + scenario.recoverWithin
        judgesAt = due < scenario.duration ? due.nanoseconds : nil
        linkBound = 64 + 4 * hosts.count + (hosts.contains { $0.adversary != nil } ? Self.strangersBound : 0)
        signed = Array(repeating: [:], count: hosts.count)
        signer = hosts.indices.map { hosts[$0].twinOf ?? $0 }
    }

    /// What a node's effects left behind.
    func changed(_ host: Int, _ peers: [Int], in simulation: borrowing Simulation) {
        let links = simulation.collector.hostMeters[host].links
        for link in links where peers.contains(link.peer) {
            let both = links.filter { $0.identity == link.identity }
            guard both.count > 1 else { continue }
            let names = (simulation.hosts[host].name, simulation.hosts[link.peer].name)
            let ids = both.map(\.link.description).joined(separator: " and ")
            note(.oneLinkPerIdentity, "\(names.0) has links \(ids) up with \(names.1)", simulation.now)
        }
    }

    /// A host has a connection more than before.
    func holds(_ count: Int, _ host: Int, in simulation: borrowing Simulation) {
        guard count > linkBound else { return }
        note(.boundedLinks, "\(simulation.hosts[host].name) keeps \(count) links", simulation.now)
    }

    /// A host takes the other end of a link for somebody else.
    func believed(_ host: Int, _ other: Int, in simulation: borrowing Simulation) {
        let names = (simulation.hosts[host].name, simulation.hosts[other].name)
        note(.peersAreProven, "\(names.0) takes \(names.1) for somebody else", simulation.now)
    }

    func produced(_ slot: UInt64, _ hash: BlockHash, by host: Int, in simulation: borrowing Simulation) {
        let identity = signer[host]
        if let earlier = signed[identity][slot], earlier != hash {
            note(
                .oneBlockPerSlot,
                "\(simulation.hosts[host].name) signed \(hash) for slot \(slot) after \(earlier)", simulation.now
            )
        }
        signed[identity][slot] = hash
    }

    /// Everything has to be whole now.
    func judge(_ simulation: borrowing Simulation) {
        judgeLinks(simulation)
        judgeChains(simulation)
    }

    func verdict(_ simulation: borrowing Simulation) -> Verdict {
        if judgesAt != nil { judge(simulation) }
        if !violations.isEmpty { return .violated(violations) }
        guard judgesAt != nil else {
            return .unknown(
                "the run ends before the network had \(recoverWithin.seconds) s without a fault; make it longer"
            )
        }
        return .held
    }

    private func judgeLinks(_ simulation: borrowing Simulation) {
        simulation.collector.allChanged(in: simulation)
        for pair in simulation.collector.pairs where !pair.isUseful && simulation.canEverLink(pair.first, pair.second) {
            // Of two processes with one key a peer keeps one.
            if isLinkedWithTwin(of: pair.first, pair.second, simulation)
                || isLinkedWithTwin(of: pair.second, pair.first, simulation)
            {
                continue
            }
            let names = (simulation.hosts[pair.first].name, simulation.hosts[pair.second].name)
            note(.linksRecover, "\(names.0) and \(names.1) cannot reach each other: \(pair.state)", simulation.now)
        }
    }

    private func judgeChains(_ simulation: borrowing Simulation) {
        var least: (name: String, height: UInt64)?
        var most: (name: String, height: UInt64)?
        for host in simulation.hosts.indices where simulation.hosts[host].power == .running {
            guard !simulation.hosts[host].isStranger, simulation.isReachable(host) else { continue }
            if twins(of: host, simulation).contains(where: { simulation.height($0) > simulation.height(host) }) {
                continue
            }
            let chain = (name: simulation.hosts[host].name, height: simulation.height(host))
            if chain.height < least?.height ?? .max { least = chain }
            if chain.height > most?.height ?? 0 { most = chain }
        }
        guard let least, let most, most.height - least.height > 2 else { return }
        note(
            .chainsAgree, "\(least.name) is at height \(least.height), \(most.name) at \(most.height)", simulation.now
        )
    }

    /// Other running hosts with the key of this one.
    private func twins(of host: Int, _ simulation: borrowing Simulation) -> [Int] {
        signer.indices.filter {
            $0 != host && signer[$0] == signer[host] && simulation.hosts[$0].power == .running
        }
    }

    /// Whether a host has a link up with a process that has the key of another host, and is not that one.
    private func isLinkedWithTwin(of host: Int, _ other: Int, _ simulation: borrowing Simulation) -> Bool {
        guard !twins(of: host, simulation).isEmpty, let node = simulation.hosts[other].node else { return false }
        return node.table.newestUp(with: simulation.hosts[host].identity) != nil
    }

    private func note(_ property: Property, _ detail: String, _ now: Int64) {
        guard !violations.contains(where: { $0.property == property }) else { return }
        violations.append(Violation(property: property, seconds: Double(now) / 1e9, detail: detail))
    }
}

extension Simulation {
    func height(_ host: Int) -> UInt64 { hosts[host].node?.chainStatus.height ?? 0 }

    /// Whether two hosts run, and one of them at least can dial the other, as things stand now.
    func canEverLink(_ first: Int, _ second: Int) -> Bool {
        guard hosts[first].power == .running, hosts[second].power == .running,
            !paths.isBlocked(from: first, to: second), !paths.isBlocked(from: second, to: first)
        else { return false }
        return !paths.dropsRequests(to: first) || !paths.dropsRequests(to: second)
    }

    /// Whether a host can link with most others: a node that is cut off for good has no height to agree on.
    func isReachable(_ host: Int) -> Bool {
        var (running, reachable) = (0, 0)
        for other in hosts.indices where other != host && hosts[other].power == .running && !hosts[other].isStranger {
            running += 1
            if canEverLink(host, other) { reachable += 1 }
        }
        return 2 * reachable >= running
    }
}

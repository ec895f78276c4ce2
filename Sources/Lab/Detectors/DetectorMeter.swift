import Collections
import Kernel
import Wire

/// Watches one run for what a liveness module gets right and wrong, link by link.
///
/// From the moment a fault makes a link useless every end of it that still counts it as up waits for its end; the wait
/// is over when that end drops it, for whatever reason, or when the fault is. A link that is dropped for silence while
/// no fault touches it is a false cut. A host that stands still for less than the scenario's
/// `healthy_if_stall_below`, or does work that it has announced, is healthy: who cuts it cuts it falsely.
public final class DetectorMeter {
    private let scenario: Scenario
    private let seed: UInt64
    private let hostByName: OrderedDictionary<String, Int>
    private let hostByIdentity: OrderedDictionary<Identity, Int>
    private var boundaries: [Boundary] = []
    private var next = 0
    /// Links that are up, by host.
    private var links: [[(link: LinkID, peer: Int)]]
    /// How many faults make each direction of a pair useless.
    private var broken: OrderedDictionary<Direction, Int> = [:]
    private var waits: OrderedDictionary<Direction, Int64> = [:]
    private var figures = DetectorFigures()

    /// One end of a pair: who should notice, and of whom.
    private struct Direction: Hashable {
        var witness: Int
        var peer: Int
    }

    private struct Boundary {
        var at: Int64
        var isStrike: Bool
        var directions: [Direction]
    }

    public init(_ scenario: Scenario, seed: UInt64) {
        self.scenario = scenario
        self.seed = seed
        let hosts = scenario.network.hosts
        let signatures = SimulatedSignatures(seed: seed)
        hostByName = OrderedDictionary(uniqueKeysWithValues: hosts.enumerated().map { ($1.name, $0) })
        hostByIdentity = OrderedDictionary(
            uniqueKeysWithValues: hosts.indices.map { (signatures.identity(of: $0), $0) }
        )
        links = Array(repeating: [], count: hosts.count)
        for (index, fault) in scenario.faults.enumerated() {
            let lasts = scenario.lasts(fault.kind, seed: seed, fault: index)
            let directions = directions(of: fault.kind, index, lasts)
            guard !directions.isEmpty else { continue }
            let at = fault.at.nanoseconds
            boundaries.append(Boundary(at: at, isStrike: true, directions: directions))
            if let lasts {
                boundaries.append(Boundary(at: at + lasts.nanoseconds, isStrike: false, directions: directions))
            }
        }
        boundaries.sort { ($0.at, $0.isStrike ? 1 : 0) < ($1.at, $1.isStrike ? 1 : 0) }
    }

    /// Takes a record of the run, in order.
    public func see(_ record: TraceRecord) {
        advance(to: record.time)
        guard let host = hostByName[record.host] else { return }
        switch record.content {
        case .process:
            links[host] = []
        case .effect(.observe(.linkUp(let link, let identity, _, _))):
            if let peer = hostByIdentity[identity] { links[host].append((link, peer)) }
        case .effect(.observe(.linkEnded(let link, _, _, let reason, let ender, true, _))):
            ended(link, host, reason, ender, at: record.time)
        case .effect(.send): figures.messages += 1
        default: break
        }
    }

    /// Closes the books at the run's end.
    public func finish() -> DetectorFigures {
        advance(to: scenario.duration.nanoseconds)
        figures.missed += waits.count
        waits = [:]
        figures.hours = scenario.duration.seconds / 3600
        figures.nodes = scenario.network.hosts.count
        return figures
    }

    private func ended(_ link: LinkID, _ host: Int, _ reason: Reason, _ ender: LinkEnder, at now: Int64) {
        guard let place = links[host].firstIndex(where: { $0.link == link }) else { return }
        let peer = links[host].remove(at: place).peer
        let direction = Direction(witness: host, peer: peer)
        if broken[direction, default: 0] > 0 {
            // The pair may have another link that is no better.
            if !links[host].contains(where: { $0.peer == peer }), let since = waits.removeValue(forKey: direction) {
                figures.detections.append(Double(now - since) / 1e9)
            }
            return
        }
        let isVerdict = ender == .us && (reason == .pingTimeout || reason == .silent)
        if isVerdict || ender == .transport && reason == .timedOut { figures.falseCuts += 1 }
    }

    private func advance(to now: Int64) {
        while next < boundaries.count, boundaries[next].at <= now {
            let boundary = boundaries[next]
            next += 1
            for direction in boundary.directions {
                let count = broken[direction, default: 0] + (boundary.isStrike ? 1 : -1)
                broken[direction] = count
                if boundary.isStrike, count == 1 {
                    let isUp = links[direction.witness].contains { $0.peer == direction.peer }
                    if isUp { waits[direction] = boundary.at }
                } else if count == 0, waits.removeValue(forKey: direction) != nil {
                    figures.missed += 1
                }
            }
        }
    }

    /// Which ends of which pairs a fault makes useless. Bad lines, clocks and disks make none so.
    private func directions(of kind: Scenario.Fault.Kind, _ index: Int, _ lasts: Duration?) -> [Direction] {
        let all = scenario.network.hosts.indices
        let chosen = { (choice: Scenario.HostChoice) in choice.hosts(seed: self.seed, fault: index, of: all.count) }
        let toward = { (victims: [Int]) in
            victims.flatMap { victim in all.filter { $0 != victim }.map { Direction(witness: $0, peer: victim) } }
        }
        switch kind {
        case .powerLoss(let choice, _), .suspend(let choice, _): return toward(chosen(choice))
        case .stall(let choice, _):
            guard let lasts, lasts >= scenario.healthyIfStallBelow ?? .zero else { return [] }
            return toward(chosen(choice))
        case .drop(let from, let to, _, _, _):
            return chosen(from).flatMap { from in
                chosen(to).filter { $0 != from }.flatMap { to in
                    [Direction(witness: from, peer: to), Direction(witness: to, peer: from)]
                }
            }
        case .partition(let first, _):
            return (0..<first).flatMap { left in
                (first..<all.count).flatMap { right in
                    [Direction(witness: left, peer: right), Direction(witness: right, peer: left)]
                }
            }
        case .work, .kill, .closeInbound, .reset, .translate, .proxy, .weather, .clock, .disk: return []
        }
    }
}

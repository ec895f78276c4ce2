import Collections
import Kernel

// Stalls, sleep, and wall clocks.
extension ScenarioLearner {
    /// Beyond this many milliseconds a difference of clocks is none of the time that asking takes.
    private static let least: Int64 = 1_000

    mutating func findStalls() {
        for stall in facts.stalls {
            windows.append(Window(host: stall.host, kind: .stall, start: stall.began, end: stall.began + stall.lasted))
            let comment =
                "\(name(stall.host))'s loop fired a timer \(seconds(.milliseconds(stall.lasted))) late. The stall may "
                + "have begun up to 0.5 s before."
            faults.append(
                LearntScenario.Fault(
                    at: moment(stall.began),
                    kind: .stall(stall.host, for: .milliseconds(min(max(1, stall.lasted), 86_400_000))),
                    comment: comment
                )
            )
        }
    }

    mutating func findSleepAndClocks() {
        for host in facts.hosts.indices {
            let looks = facts.clocks.filter { $0.host == host }.sorted { $0.at < $1.at }
            var jumps: [(at: Int64, by: Int64)] = []
            for (earlier, later) in zip(looks, looks.dropFirst()) {
                let isOneProcess = !facts.lives.contains {
                    $0.host == host && $0.isOwn && $0.start > earlier.at && $0.start <= later.at
                }
                guard isOneProcess else { continue }
                // Its own count of time since the start fell behind: the count stands still while the machine sleeps.
                let slept = later.start - earlier.start
                if slept >= Self.least { sleep(host, slept, between: earlier.at, later.at) }
                let jump = later.ahead - earlier.ahead
                if abs(jump) >= Self.least { jumps.append((later.at, jump)) }
            }
            add(jumps, of: host)
        }
    }

    private mutating func sleep(_ host: Int, _ slept: Int64, between from: Int64, _ to: Int64) {
        let start = from + max(0, to - from - slept) / 2
        windows.append(Window(host: host, kind: .sleep, start: start, end: start + slept))
        faults.append(
            LearntScenario.Fault(
                at: moment(start), kind: .suspend(host, for: .milliseconds(min(slept, 86_400_000))),
                comment: "\(name(host)) counted \(seconds(.milliseconds(slept))) less than passed between two looks "
                    + "\(seconds(.milliseconds(to - from))) apart: its machine slept. When in between is a guess."
            )
        )
    }

    private mutating func add(_ jumps: [(at: Int64, by: Int64)], of host: Int) {
        var open = jumps
        while let jump = open.first {
            open.removeFirst()
            let back = open.firstIndex { abs($0.by + jump.by) <= max(Self.least, abs(jump.by) / 5) }
            var lasted: Int64?
            if let back {
                lasted = open[back].at - jump.at
                open.remove(at: back)
            }
            faults.append(
                LearntScenario.Fault(
                    at: moment(jump.at),
                    kind: .clock(
                        host, by: .milliseconds(min(max(jump.by, -31_536_000_000), 31_536_000_000)),
                        for: lasted.map { .milliseconds(max(1, $0)) }
                    ),
                    comment:
                        "\(name(host))'s wall clock jumped between this look and the one before. Times that it told "
                        + "from before the jump may be wrong by as much."
                )
            )
        }
    }

    /// By how much the hosts' wall clocks disagree beyond what asking takes: from the middle one to the farthest.
    var clockOffset: Duration {
        var offsets: [Int64] = []
        for host in facts.hosts.indices {
            let own = facts.clocks.filter { $0.host == host }.map(\.ahead).sorted()
            if !own.isEmpty { offsets.append(own[(own.count - 1) / 2]) }
        }
        offsets.sort()
        guard let first = offsets.first, let last = offsets.last else { return .zero }
        let middle = offsets[(offsets.count - 1) / 2]
        let farthest = max(last - middle, middle - first)
        return farthest >= 200 ? .milliseconds(min(farthest, 86_400_000)) : .zero
    }
}

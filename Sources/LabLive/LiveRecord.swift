import Kernel
import Lab
import Trace
import Wire

/// Everything that happened in a live run: what was done, and what nodes reported. The figures are a function of it.
package struct LiveRecord: Sendable {
    /// One thing of the record. Processes are numbered over the whole run: a host has one after another.
    package enum Item: Sendable {
        case step(FaultStep)
        case line(host: Int, process: Int, EventLine)
    }

    package let scenario: Scenario
    package let seed: UInt64
    package let identities: [Identity]
    /// The start of the run.
    package let origin: WallTime
    private var items: [(time: Int64, item: Item)] = []
    /// What processes had used when they ended, in order.
    package var usage: [(host: Int, usage: ProcessUsage)] = []

    package init(scenario: Scenario, seed: UInt64, identities: [Identity], origin: WallTime) {
        self.scenario = scenario
        self.seed = seed
        self.identities = identities
        self.origin = origin
    }

    /// A step was in effect `time` nanoseconds after the start.
    package mutating func add(_ step: FaultStep, at time: Int64) { items.append((time, .step(step))) }

    /// What one process told.
    package mutating func add(_ lines: [EventLine], host: Int, process: Int) {
        for line in lines {
            // Lines are dated in whole milliseconds, rounded down: the end of it comes before no cause.
            let time = (line.wall.milliseconds - origin.milliseconds) * 1_000_000 + 999_999
            items.append((time, .line(host: host, process: process, line)))
        }
    }

    /// What a record says.
    package struct Reading: Sendable {
        package var metrics: RunMetrics
        /// When each host's first process began to work; nil where none did.
        package var starts: [Duration?]
        /// When each fault struck and when it was over: where it had ended a process, when one worked again.
        package var strikes: [Duration?]
        package var heals: [Duration?]
        /// When the process of a host that a fault had taken was started anew, its machine there again; nil for others.
        package var returns: [Duration?]
        package var timeline: [PairTimeline]
        /// Events are missing, so that counts may be too low.
        package var hasGaps: Bool
    }

    /// Makes the figures of what happened until the end of the scenario.
    package func read(collectsTimeline: Bool = false) -> Reading {
        var reader = Reader(self, collectsTimeline: collectsTimeline)
        let end = scenario.duration.nanoseconds
        let sorted = items.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        for (_, entry) in sorted where entry.time <= end { reader.take(entry.item, at: entry.time) }
        var reading = Reading(
            metrics: reader.run.finish(seed: seed, at: end), starts: reader.starts,
            strikes: reader.strikes, heals: reader.heals, returns: reader.returns, timeline: [], hasGaps: reader.hasGaps
        )
        if collectsTimeline { reading.timeline = reader.run.timeline(at: end) }
        recordUsage(&reading.metrics)
        return reading
    }

    private func recordUsage(_ metrics: inout RunMetrics) {
        guard !usage.isEmpty else { return }
        let hosts = Double(scenario.network.hosts.count)
        let cpu = usage.reduce(0) { $0 + $1.usage.cpuSeconds }
        metrics.record(.cpu, 100 * cpu / (hosts * scenario.duration.seconds))
        // The last process of each host counts.
        let last = scenario.network.hosts.indices.compactMap { host in usage.last { $0.host == host } }
        metrics.record(.residentBytes, last.reduce(0) { $0 + $1.usage.residentBytes } / Double(max(1, last.count)))
    }
}

/// Reads a record in order of time.
private struct Reader {
    let run: ObservedRun
    var starts: [Duration?]
    var strikes: [Duration?]
    var heals: [Duration?]
    var returns: [Duration?]
    var hasGaps = false
    private var working: [Int?]
    /// Processes that were killed: what they wrote in their last millisecond comes too late.
    private var gone: [Int] = []
    /// Faults that are over once the host's process works again.
    private var awaited: [(host: Int, fault: Int)] = []

    init(_ record: LiveRecord, collectsTimeline: Bool) {
        run = ObservedRun(record.scenario, identities: record.identities, collectsTimeline: collectsTimeline)
        let hosts = record.scenario.network.hosts.count
        starts = Array(repeating: nil, count: hosts)
        working = Array(repeating: nil, count: hosts)
        strikes = Array(repeating: nil, count: record.scenario.faults.count)
        heals = strikes
        returns = strikes
    }

    mutating func take(_ item: LiveRecord.Item, at time: Int64) {
        switch item {
        case .step(let step): take(step, at: time)
        case .line(let host, let process, let line):
            guard !gone.contains(process) else { return }
            switch line.content {
            case .lost: hasGaps = true
            case .listening: if working[host] != process { begin(host, process, at: time) }
            case .event(let event):
                // A node's first words may come before its program says that it listens.
                if working[host] != process, event.isOfNode { begin(host, process, at: time) }
                if working[host] == process { run.observe(event, host, at: time) }
            }
        }
    }

    private mutating func begin(_ host: Int, _ process: Int, at time: Int64) {
        working[host] = process
        if starts[host] == nil { starts[host] = .nanoseconds(time) }
        run.started(host, at: time)
        for (_, fault) in awaited.filter({ $0.host == host }) {
            heals[fault] = .nanoseconds(time)
            run.healed(at: time)
        }
        awaited.removeAll { $0.host == host }
    }

    private mutating func take(_ step: FaultStep, at time: Int64) {
        var waitsForProcess = false
        for change in step.changes {
            switch change {
            case .kill(let host), .powerOff(let host):
                if let process = working[host] { gone.append(process) }
                working[host] = nil
                awaited.removeAll { $0.host == host }
            case .start(let host), .powerOn(let host):
                awaited.append((host, step.fault))
                waitsForProcess = true
            default: break
            }
            run.apply(change, at: time)
        }
        if !step.isHeal {
            strikes[step.fault] = .nanoseconds(time)
        } else if !waitsForProcess {
            heals[step.fault] = .nanoseconds(time)
            run.healed(at: time)
        } else {
            returns[step.fault] = .nanoseconds(time)
        }
    }
}

extension Event {
    /// Something that only a working node tells.
    fileprivate var isOfNode: Bool {
        if case .note = self { false } else { true }
    }
}

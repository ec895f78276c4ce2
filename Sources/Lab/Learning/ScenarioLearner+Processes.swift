import Collections
import Kernel
import Wire

// Hosts whose process or machine was gone for a time.
extension ScenarioLearner {
    /// One process of a host, from everything that was seen of it.
    private struct Process {
        var incarnation: String?
        var start: Int64
        /// When it was last known to run.
        var alive: Int64
        var isOwn: Bool
    }

    /// Looks for restarts, and for hosts that went and did not come back.
    ///
    /// - Returns: when each host's first process started, where that was seen within the recording.
    mutating func findProcesses() -> [Int64?] {
        var starts: [Int64?] = []
        for host in facts.hosts.indices {
            let processes = processes(of: host)
            for (before, after) in zip(processes, processes.dropFirst()) where after.start > facts.span.lowerBound {
                restarted(host, before, after)
            }
            if let last = processes.last {
                stayedAway(host, last)
            } else if let up = facts.ups.first(where: { $0.peer == host }) {
                // Whoever was linked with it was told no name of its process, but there was one.
                stayedAway(host, Process(incarnation: nil, start: up.at, alive: up.at, isOwn: false))
            } else {
                wasNeverSeen(host)
            }
            starts.append(firstStart(of: host, processes.first))
        }
        return starts
    }

    private func processes(of host: Int) -> [Process] {
        var own: [Process] = []
        for life in facts.lives where life.host == host && life.isOwn {
            if let last = own.indices.last, isSame(own[last], life) {
                own[last].start = min(own[last].start, life.start)
                own[last].alive = max(own[last].alive, life.seen)
            } else {
                own.append(
                    Process(incarnation: life.incarnation, start: life.start, alive: life.seen, isOwn: true)
                )
            }
        }
        // Peers tell of processes that nobody asked in time. They know each by its name only: where the host's own
        // account has no names, they cannot add to it.
        guard own.allSatisfy({ $0.incarnation != nil }) else { return own }
        var all = own
        for life in facts.lives where life.host == host && !life.isOwn {
            if let place = all.firstIndex(where: { $0.incarnation == life.incarnation }) {
                if !all[place].isOwn { all[place].start = min(all[place].start, life.start) }
                all[place].alive = max(all[place].alive, life.start)
            } else {
                all.append(
                    Process(incarnation: life.incarnation, start: life.start, alive: life.start, isOwn: false)
                )
            }
        }
        return all.sorted { $0.start < $1.start }
    }

    /// A process that names itself is known by its name; another one by when it says that it started.
    private func isSame(_ process: Process, _ life: Measurements.Life) -> Bool {
        if process.incarnation != nil || life.incarnation != nil { return process.incarnation == life.incarnation }
        return life.start <= process.alive
    }

    // MARK: Restarts

    private mutating func restarted(_ host: Int, _ before: Process, _ after: Process) {
        // A link that came up with the old process shows that it ran; one without a name lies in between by its time.
        let ups = facts.ups.filter {
            $0.peer == host && $0.at < after.start
                && ($0.incarnation == before.incarnation || $0.incarnation == nil || before.incarnation == nil)
        }
        let alive = max(before.alive, ups.map(\.at).max() ?? .min)
        let lost = facts.ends.filter {
            $0.peer == host && $0.kind == .lost && $0.at >= alive - 250 && $0.at <= after.start + 5_000
                && ($0.tellsOfPeer || $0.isTakeover)
        }
        // A link that the new process took the place of tells that the old one had gone without a word, not when.
        let isReplaced = lost.contains(where: \.isTakeover)
        let ends = lost.filter { !$0.isTakeover && $0.at <= after.start + 250 }
        let failed = facts.looks.first { $0.host == host && !$0.isAnswered && $0.at > alive && $0.at < after.start }
        let isSilent = ends.isEmpty ? isReplaced : ends.allSatisfy(\.reason.isSilence)
        var death = ends.map(\.at).min() ?? failed?.at ?? guess(alive, after.start)
        if isSilent {
            let latest = ends.isEmpty ? after.start : death
            death = lastHeard(of: host, from: alive, until: latest) ?? death
        }
        death = min(max(death, facts.span.lowerBound), after.start - 1)
        let down = after.start - death
        var comment = "\(name(host)) was started again"
        comment +=
            after.isOwn ? " by its own account" : ", as its peers saw by its handshake (it may have been back sooner)"
        comment += "; it went " + whenItWent(ends, isSilent: isSilent, failed: failed != nil)
        windows.append(
            Window(host: host, kind: isSilent ? .silence : .kill, start: death, end: after.start)
        )
        faults.append(LearntScenario.Fault(at: moment(death), kind: kind(host, isSilent, down), comment: comment + "."))
    }

    private func kind(_ host: Int, _ isSilent: Bool, _ down: Int64) -> LearntScenario.Fault.Kind {
        let duration = Duration.milliseconds(min(max(1, down), 86_400_000))
        return isSilent ? .powerLoss(host, for: duration) : .kill(host, down: duration)
    }

    private func whenItWent(_ ends: [Measurements.End], isSilent: Bool, failed: Bool) -> String {
        if ends.isEmpty {
            return isSilent
                ? "without a word to its peers, after it was last heard: when is a guess"
                : failed ? "by the first look without an answer: later than it was" : "between two looks: a guess"
        }
        let reasons = OrderedSet(ends.map(\.reason.rawValue)).sorted().joined(separator: ", ")
        let count = ends.count == 1 ? "one link to it ended" : "\(ends.count) links to it ended"
        return isSilent
            ? "in silence (\(count): \(reasons)), which began when its peers last heard it, or later"
            : "when \(count) (\(reasons))"
    }

    /// When the last of a host's peers still heard it.
    private func lastHeard(of host: Int, from: Int64, until: Int64) -> Int64? {
        facts.paths.filter { $0.peer == host }.map { $0.counters?.heardAt ?? $0.at }
            .filter { $0 >= from && $0 <= until }.max()
    }

    /// When a process went that nobody saw go. A trace has its last act, looks only leave a gap.
    private func guess(_ alive: Int64, _ start: Int64) -> Int64 {
        facts.looks.isEmpty ? alive : alive + (start - alive) / 2
    }

    // MARK: Hosts that are away

    private mutating func stayedAway(_ host: Int, _ last: Process) {
        let ownLast = facts.looks.last { $0.host == host }
        if ownLast?.isAnswered == true { return }
        let ups = facts.ups.filter { $0.peer == host }.map(\.at).max() ?? .min
        let ends = facts.ends.filter {
            $0.peer == host && $0.kind == .lost && $0.at >= max(ups, last.alive) - 250 && $0.tellsOfPeer
        }
        guard !ends.isEmpty else {
            if ownLast != nil {
                remarks.append(
                    "\(name(host)) did not answer at the end, yet no peer lost its link to it: nothing is made of it.")
            }
            return
        }
        let observers = OrderedSet(facts.ups.filter { $0.peer == host }.map(\.observer))
        let losers = OrderedSet(ends.map(\.observer))
        guard observers.isSubset(of: losers) else { return }
        // Its own trace may end here: who wrote none for longer is not gone.
        if ownLast == nil, facts.lives.contains(where: { $0.host == host && $0.isOwn }), !facts.looks.isEmpty { return }
        let isSilent = ends.allSatisfy(\.reason.isSilence)
        var death = ends.map(\.at).min() ?? facts.span.upperBound
        if isSilent { death = min(death, lastHeard(of: host, from: last.alive, until: death) ?? death) }
        windows.append(Window(host: host, kind: isSilent ? .silence : .kill, start: death, end: nil))
        let rest = facts.span.upperBound - death
        let comment =
            "\(name(host)) went \(whenItWent(ends, isSilent: isSilent, failed: false)) and was not back at the last look. "
            + "Whether it was down or only out of reach, nobody can tell from outside."
        let kind: LearntScenario.Fault.Kind =
            isSilent ? .powerLoss(host, for: nil) : .kill(host, down: .milliseconds(min(max(1, rest), 86_400_000)))
        let back = isSilent ? "" : " Here it comes back at the end of the recording: a guess."
        faults.append(LearntScenario.Fault(at: moment(death), kind: kind, comment: comment + back))
    }

    private mutating func wasNeverSeen(_ host: Int) {
        let attempts = facts.ends.filter { $0.peer == host && $0.tellsOfPeer }
        let reasons = OrderedSet(attempts.map(\.reason.rawValue)).sorted().joined(separator: ", ")
        guard !attempts.isEmpty else {
            remarks.append(
                "Nothing is known of \(name(host)): no node that was recorded reached it, or tried to. It is taken to be well."
            )
            return
        }
        guard attempts.allSatisfy(\.isWithoutAnswer) else {
            remarks.append(
                "\(name(host)) answered, yet no node that was recorded had a link with it (\(reasons)): no fault is made of it."
            )
            return
        }
        windows.append(Window(host: host, kind: .silence, start: facts.span.lowerBound, end: nil))
        let refuses = attempts.allSatisfy { $0.reason == .connectionRefused }
        faults.append(
            LearntScenario.Fault(
                at: .zero, kind: refuses ? .kill(host, down: .seconds(86_400)) : .powerLoss(host, for: nil),
                comment:
                    "\(name(host)) of the network file was never seen: \(attempts.count) attempts to link with it failed "
                    + "(\(reasons)). Take this fault out if it exists."
            )
        )
    }

    private func firstStart(of host: Int, _ first: Process?) -> Int64? {
        guard let first, first.start > facts.span.lowerBound + 1_000, first.isOwn else { return nil }
        let isKnownEarlier =
            facts.ups.contains { $0.peer == host && $0.at < first.start - 1_000 }
            || facts.ends.contains { $0.peer == host && $0.kind == .lost && $0.at < first.start - 1_000 }
        return isKnownEarlier ? nil : first.start
    }
}

extension Measurements.End {
    /// Another link of the same peer took this one's place.
    fileprivate var isTakeover: Bool { reason == .superseded || reason == .replaced }

    /// The end tells something of the peer. What the observer's own policies end, or its own shutdown, does not.
    fileprivate var tellsOfPeer: Bool { ender != .us || reason.isSilence }

    /// Nothing came from the peer's process.
    fileprivate var isWithoutAnswer: Bool { reason.isSilence || reason == .connectionRefused }
}

import Foundation
import Kernel
import Lab
import SystemErrors
import Trace
import Wire

/// A live run while it lasts: its processes, its network and what is written down of it.
actor LiveSession {
    /// A process of the run, alive or not.
    private struct Member {
        let host: Int
        let node: LiveNode
        /// A fault ended it: that it is gone is as it should be.
        var isKilled = false
    }

    private let run: LiveRun
    private let network: any LiveNetwork
    private let folder: LiveFolder
    private var members: [Member] = []
    private var record: LiveRecord
    private let origin: Int64

    init(_ run: LiveRun, _ network: any LiveNetwork, _ folder: LiveFolder) {
        self.run = run
        self.network = network
        self.folder = folder
        // A whole millisecond, as genesis has to be, and late enough for the files.
        let start = wallNanoseconds() / 1_000_000 + 200
        origin = start * 1_000_000
        record = LiveRecord(
            scenario: run.scenario, seed: run.seed, identities: folder.identities,
            origin: WallTime(milliseconds: start)
        )
    }

    private var now: Int64 { wallNanoseconds() - origin }

    // MARK: The plan

    /// Carries the plan out, to the end of the scenario.
    func perform() async throws {
        let (run, folder, network, origin) = (run, folder, network, record.origin)
        try await LiveRun.blocking {
            try folder.write(run.scenario, run.profile, genesis: origin, endpoints: network.endpoints)
        }
        for entry in Agenda(run.scenario, seed: run.seed).entries {
            try await sleep(until: entry.at)
            switch entry.task {
            case .start(let host): try start(host)
            case .step(let step): try await take(step)
            }
        }
        try await sleep(until: run.scenario.duration)
    }

    /// Sleeps, and looks every half second whether all nodes are well.
    private func sleep(until moment: Duration) async throws {
        while true {
            try checkNodes()
            let left = moment.nanoseconds - now
            guard left > 0 else { return try Task.checkCancellation() }
            try await Task.sleep(for: .nanoseconds(min(left, 500_000_000)))
        }
    }

    private func checkNodes() throws(LiveError) {
        for member in members where !member.isKilled && member.node.events.isOver {
            let name = run.scenario.network.hosts[member.host].name
            throw LiveError(.nodeEnded, "\(name) ended by itself: \(member.node.events.complaints)")
        }
    }

    private func start(_ host: Int) throws(LiveError) {
        let starts = members.count { $0.host == host } + 1
        let launch = LiveNode.Launch(
            program: run.program, profile: folder.profile(host),
            overrides: run.profile.overrides + run.profile.load(of: run.scenario),
            seed: run.scenario.nodeSeed(host, start: UInt64(starts), seed: run.seed)
        )
        let node = try LiveNode(command: network.command(on: host, launch.program, launch.arguments))
        members.append(Member(host: host, node: node))
    }

    /// Does what a step asks for, in the order that makes it look right from outside: a machine is silent before its
    /// process ends, and is back before a process starts on it.
    private func take(_ step: FaultStep) async throws {
        let network = network
        let restored = step.changes.compactMap { if case .powerOn(let host) = $0 { host } else { nil } }
        if !restored.isEmpty {
            try await LiveRun.blocking { for host in restored { try network.restorePower(host) } }
        }
        let before = now
        try await LiveRun.blocking { try network.apply(step.changes) }
        let after = now
        for change in step.changes {
            switch change {
            case .stall(let host, _): current(host)?.pause()
            case .resume(let host): current(host)?.resume()
            case .start(let host), .powerOn(let host): try start(host)
            case .kill(let host), .powerOff(let host):
                await kill(host)
                if case .powerOff = change { try await LiveRun.blocking { try network.losePower(host) } }
            default: break
            }
        }
        // Rules take some milliseconds, signals none: a step is dated by the moment at which it can first have had an effect.
        let isRules = run.driver == .netns && after - before > 100_000
        record.add(step, at: isRules ? (before + after) / 2 : before)
    }

    private func current(_ host: Int) -> LiveNode? { members.last { $0.host == host && !$0.isKilled }?.node }

    private func kill(_ host: Int) async {
        guard let index = members.lastIndex(where: { $0.host == host && !$0.isKilled }) else { return }
        members[index].isKilled = true
        if let usage = members[index].node.usage { record.usage.append((host, usage)) }
        await members[index].node.kill()
    }

    // MARK: The end

    /// Asks every node that lives how it is, and closes the record.
    ///
    /// - Throws: ``LiveError`` `bad-case` where events are missing.
    func finish() async throws -> LiveRecord {
        let paused = Set(pausedHosts)
        for member in members where !member.isKilled {
            if let usage = member.node.usage { record.usage.append((member.host, usage)) }
        }
        let asked = members.filter { !$0.isKilled && !paused.contains($0.host) }
        var statuses: [(host: Int, node: LiveNode, status: NodeStatus)] = []
        for member in asked {
            statuses.append((member.host, member.node, try await status(of: member.host)))
        }
        await killAll()
        for (host, node, status) in statuses {
            try Self.check(node.events.lines, against: status, of: run.scenario.network.hosts[host].name)
        }
        for (process, member) in members.enumerated() {
            record.add(member.node.events.lines, host: member.host, process: process)
        }
        return record
    }

    /// What a node counted must be among its events, or the figures made from them are wrong.
    static func check(_ lines: [EventLine], against status: NodeStatus, of name: String) throws(LiveError) {
        let pairs: [(what: String, counted: UInt64, told: Int)] = [
            ("links", status.counters.linksUp, lines.count { $0.isLinkUp }),
            ("lost links", status.counters.linksLost, lines.count { $0.isLinkLost }),
            ("dials", status.counters.dialsStarted, lines.count { $0.isDial }),
        ]
        for (what, counted, told) in pairs where told < Int(clamping: counted) {
            throw LiveError(
                .badCase, "\(name) counted \(counted) \(what) and told \(told): events are missing"
            )
        }
    }

    /// Hosts that a stall has still not let go.
    private var pausedHosts: [Int] {
        var paused: [Int] = []
        for step in run.scenario.faultSteps(seed: run.seed) where step.at < run.scenario.duration {
            for change in step.changes {
                switch change {
                case .stall(let host, _): paused.append(host)
                case .resume(let host): paused.removeAll { $0 == host }
                default: break
                }
            }
        }
        return paused
    }

    private func status(of host: Int) async throws -> NodeStatus {
        let url = "http://\(network.endpoints[host].ip):\(LiveFolder.rpcPort)"
        let (program, arguments) = network.command(on: host, run.program, ["status", "--rpc", url, "--format", "json"])
        let text = try await LiveRun.blocking { try Tool.run(program, arguments) }
        do {
            return try JSONDecoder().decode(NodeStatus.self, from: Data(text.utf8))
        } catch {
            throw LiveError(.toolFailed, "\(url)/status answered what nobody understands: \(SystemErrorText.of(error))")
        }
    }

    private func killAll() async {
        for index in members.indices where !members[index].isKilled {
            members[index].isKilled = true
            await members[index].node.kill()
        }
    }

    /// Ends what still runs and takes the network away.
    func end() async {
        await killAll()
        network.remove()
    }
}

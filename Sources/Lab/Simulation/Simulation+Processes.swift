import Kernel
import Wire

// One process a host: what it is made from, what it is told, and what it asks for.
extension Simulation {
    /// A process starts on a host that has power; the store is the only thing it finds.
    mutating func start(_ host: Int) throws {
        guard hosts[host].power == .idle, now >= hosts[host].backAt else { return }
        hosts[host].starts += 1
        hosts[host].startedAt = now
        hosts[host].unanswered = 0
        hosts[host].power = .running
        hosts[host].wakeAt = .max
        hosts[host].sockets.removeAll()
        let profile = profile(of: host)
        if hosts[host].store == nil { hosts[host].store = try profile.openStore() }
        let processSeed = seed ^ UInt64(host + 1) << 32 ^ hosts[host].starts << 56
        let network = networkView(of: host)
        record(processOf: host, seed: processSeed, network)
        let node = Node(
            NodeConfiguration(
                network: network, endpoint: hosts[host].endpoint,
                signer: SimulatedSigner(scheme: signatures, identity: hosts[host].identity), seed: processSeed,
                connectTimeout: profile.transport.connectTimeout,
                modules: try profile.makePolicies(scenario)
            )
        )
        hosts[host].node = node
        collector.started(host, at: now)
        feed(.start, to: host)
        collector.changed(host, in: self)
    }

    /// The profile that a host runs: the compared one, unless the scenario names another.
    @inline(__always) func profile(of host: Int) -> SimulatedProfile {
        otherProfiles.isEmpty ? profile : otherProfiles[host] ?? profile
    }

    func networkView(of host: Int) -> NetworkView {
        let model = scenario.network
        let members = model.members(seenBy: host)
        var view = NetworkView(
            name: model.hosts[host].foreignNetwork ?? scenario.name, genesis: genesis, slotInterval: model.slotInterval,
            minimumMasternodes: model.minimumMasternodes,
            masternodes: members.map {
                NetworkView.Masternode(
                    name: hosts[$0].name, identity: hosts[$0].identity,
                    endpoint: model.listedEndpoint(of: $0, seenBy: host)
                )
            },
            bootstrap: model.bootstrap.map { hosts[$0].endpoint }
        )
        view.isPartial = model.isPartlyKnown
        return view
    }

    // MARK: Inputs

    mutating func feed(_ input: Input, to host: Int) {
        guard let process = hosts[host].process else { return }
        if !hosts[host].isStranger { cost.wakeups += 1 }
        let wall = wallClock(of: host)
        let time = ownTime(of: host)
        var effects: [Effect] = []
        swap(&effects, &scratch)
        let deadline = process._withUnsafeGuaranteedRef { $0.handle(input, at: time, wall: wall, into: &effects) }
        record(input, host, wall)
        carryOut(effects, host)
        swap(&effects, &scratch)
        rearm(deadline, host)
    }

    /// Keeps one tick under way for the moment at which the host's node wants to be woken.
    mutating func rearm(_ deadline: Instant?, _ host: Int) {
        if hosts[host].isWakeQueued { return }
        let next = deadline.map { $0.nanoseconds + hosts[host].slept } ?? .max
        guard next != hosts[host].wakeAt else { return }
        let due = next == .max ? .max : max(next, now)
        hosts[host].wakeAt = due
        if due != .max { events.push(.wake(host: host), at: due) }
    }

    /// The host's monotonic clock: the run's, less what the machine slept.
    @inline(__always) func ownTime(of host: Int) -> Instant { Instant(nanoseconds: now - hosts[host].slept) }

    /// The host's wall clock: the run's, as wrong as it is here.
    @inline(__always) private func wallClock(of host: Int) -> WallTime {
        var time = now + hosts[host].wallError
        if hosts[host].wallDrift != 0 { time += now / 1_000_000_000 * hosts[host].wallDrift }
        return WallTime(milliseconds: genesis.milliseconds + time / 1_000_000)
    }

    // MARK: Effects

    /// Carries out what the node asked for, in order.
    private mutating func carryOut(_ effects: borrowing [Effect], _ host: Int) {
        for index in effects.indices {
            record(effects[index], host)
            carryOut(effects[index], host)
        }
        guard !changedPeers.isEmpty else { return }
        for peer in changedPeers { collector.changed(host, peer, in: self) }
        monitor.changed(host, changedPeers, in: self)
        changedPeers.removeAll(keepingCapacity: true)
    }

    /// Notes that what can be delivered between this host and the one at the other end may have changed.
    mutating func noteChange(_ socket: Int) {
        let peer = sockets[socket ^ 1].host
        if peer >= 0, !changedPeers.contains(peer) { changedPeers.append(peer) }
    }
}

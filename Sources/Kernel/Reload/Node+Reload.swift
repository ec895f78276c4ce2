import Wire

/// Why a running node cannot go over to another profile: it goes on with the one it has.
public struct ReloadError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of problem it is.
    public enum Code: String, Sendable, Hashable {
        /// The node is of another network, or of one with other rules.
        case otherNetwork = "other-network"
        /// A module of a role that cannot change while links are up.
        case otherModule = "other-module"
        /// The modules of a list are not those that were there, with some more or some fewer behind them.
        case otherOrder = "other-order"
    }

    public let code: Code
    /// The role it is about; empty for the network.
    public let role: String
    /// What is wrong and what to do.
    public let description: String

    public init(code: Code, role: String = "", description: String) {
        self.code = code
        self.role = role
        self.description = description
    }
}

extension Node {
    /// Goes over to other options, another list of masternodes and, where the role allows it, other modules, between two
    /// inputs. Links stay up.
    ///
    /// A module of the same type keeps what it remembers, its timers and its random stream, and hears `reconfigured`. A
    /// liveness module of another type takes the place of the old one, whose timers are dropped; it hears of every link that
    /// is up. Discovery modules and workloads may come and go behind those that stay.
    ///
    /// - Parameters:
    ///   - network: the same network; its masternodes and bootstrap addresses may differ.
    ///   - modules: made and not started.
    /// - Throws: ``ReloadError`` before anything has changed.
    public func reload(
        _ modules: PolicySet, network: NetworkView, at now: Instant, wall: WallTime
    ) throws(ReloadError) {
        try machine.check(modules, network)
        machine.reload(modules, network, at: now, wall: wall)
    }
}

extension NodeMachine {
    fileprivate borrowing func check(_ modules: PolicySet, _ network: NetworkView) throws(ReloadError) {
        let old = context.network
        guard old.name == network.name, old.genesis == network.genesis, old.slotInterval == network.slotInterval,
            old.minimumMasternodes == network.minimumMasternodes
        else {
            throw ReloadError(
                code: .otherNetwork,
                description: "name, genesis, slot interval and minimum of masternodes are what all nodes agree on: "
                    + "stop the node and start it with the new network file"
            )
        }
        guard type(of: links) == type(of: modules.links) else { throw Self.otherModule("links") }
        guard type(of: consensus) == type(of: modules.consensus) else { throw Self.otherModule("consensus") }
        try Self.checkOrder(discovery.map { type(of: $0) }, modules.discovery.map { type(of: $0) }, "discovery")
        try Self.checkOrder(workloads.map { type(of: $0) }, modules.workloads.map { type(of: $0) }, "workload")
        let kind = context.application.map { type(of: $0) as Any.Type }
        guard kind == modules.application.map({ type(of: $0) as Any.Type }) else {
            throw Self.otherModule("application")
        }
        guard Int(Slot.firstDiscovery) + modules.discovery.count + modules.workloads.count <= Int(UInt8.max) else {
            throw ReloadError(code: .otherOrder, role: "discovery", description: "a node has at most 255 modules")
        }
    }

    private static func otherModule(_ role: String) -> ReloadError {
        ReloadError(
            code: .otherModule, role: role,
            description: "another module cannot take over its links and blocks: stop the node and start it again"
        )
    }

    private static func checkOrder(_ old: [Any.Type], _ new: [Any.Type], _ role: String) throws(ReloadError) {
        guard zip(old, new).allSatisfy({ $0 == $1 }) else {
            throw ReloadError(
                code: .otherOrder, role: role,
                description: "modules may come and go at the end of the list only: stop the node and start it again"
            )
        }
    }

    fileprivate mutating func reload(
        _ modules: PolicySet, _ network: NetworkView, at now: Instant, wall: WallTime
    ) {
        context.now = now
        context.wall = wall
        let places = SlotMap(
            oldDiscovery: discovery.count, newDiscovery: modules.discovery.count, oldWorkloads: workloads.count,
            newWorkloads: modules.workloads.count,
            keepsLiveness: type(of: liveness) == type(of: modules.liveness)
        )
        let removedSources = places.removedDiscovery
        let removedNames = removedSources.map { context.name(of: $0) }
        install(modules)
        context.move(to: network, modules, places)
        for (source, name) in zip(removedSources, removedNames) {
            context.observe(.wanted([], by: name, .periodic))
            context.deferred.append(.wanted([], source: Int(source), .periodic))
            context.deferred.append(.offered([], source: Int(source)))
        }
        for slot in 0..<UInt8(context.streams.count) {
            if places.isKept(slot) {
                tell(slot, .reconfigured)
            } else {
                introduce(slot)
            }
        }
        settle()
    }

    /// Puts the new modules in place of the old, with what those remembered where the type is the same.
    private mutating func install(_ modules: PolicySet) {
        var modules = modules
        Self.hand(over: links, to: &modules.links)
        Self.hand(over: liveness, to: &modules.liveness)
        Self.hand(over: consensus, to: &modules.consensus)
        for (index, old) in discovery.enumerated() where index < modules.discovery.count {
            Self.hand(over: old, to: &modules.discovery[index])
        }
        for (index, old) in workloads.enumerated() where index < modules.workloads.count {
            Self.hand(over: old, to: &modules.workloads[index])
        }
        if let old = context.application { Self.hand(over: old, to: &modules.application) }
        context.application = modules.application
        links = modules.links
        liveness = modules.liveness
        consensus = modules.consensus
        discovery = modules.discovery
        workloads = modules.workloads
        livenessObservesTraffic = modules.liveness.observesTraffic
        linksMeterTraffic = modules.links.metersTraffic
    }

    private static func hand<Successor: Policy>(over old: any Policy, to successor: inout Successor) {
        if let old = old as? Successor { successor.state = old.state }
    }

    private static func hand(over old: some ApplicationPolicy, to successor: inout (any ApplicationPolicy)?) {
        guard let new = successor else { return }
        successor = Self.with(old.state, new)
    }

    private static func with<Successor: ApplicationPolicy>(_ state: Any, _ module: Successor) -> any ApplicationPolicy {
        var module = module
        if let state = state as? Successor.State { module.state = state }
        return module
    }

    /// A module that was not there hears what it would have heard from the start.
    private mutating func introduce(_ slot: UInt8) {
        let up = context.links.entries.filter { $0.phase == .up }
        if slot == Slot.liveness {
            // What the module before asked of the host's TCP does not outlive it.
            for link in up { context.setSocketOptions(SocketOptions(), on: link.id) }
        }
        tell(slot, .start)
        for link in up { tell(slot, .linkUp(link)) }
    }
}

extension Context {
    fileprivate mutating func move(to network: NetworkView, _ modules: PolicySet, _ places: SlotMap) {
        configuration.network = network
        configuration.modules = modules
        agreement = Agreement(network: network, modules: modules.agreed)
        timers = TimerHeap(
            timers.settings.compactMap { setting in
                places.place(of: setting.module).map {
                    NodeCheckpoint.Timer(
                        module: $0, code: setting.code, deadline: setting.deadline, sequence: setting.sequence
                    )
                }
            },
            sequence: timers.sequence
        )
        let names = NodeMachine.streamNames(modules)
        let old = streams
        streams = names.map { RandomStream(seed: configuration.seed, name: $0) }
        for (slot, stream) in old.enumerated() {
            if let place = places.place(of: UInt8(slot)) { streams[Int(place)] = stream }
        }
        // Order does not matter: each entry goes to a place of its own. An answer that nobody waits for any more is dropped.
        owners = owners.compactMapValues { places.place(of: $0) }
        writes.moveModules { places.place(of: $0) }
        spaces = modules.spaces
    }
}

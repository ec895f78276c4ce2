import Kernel
import Profile
import Wire

/// What becomes of a running node's modules and peers when it goes over to the profile as it is now.
struct ReloadPlan: Sendable, Equatable {
    /// One module, or one thing that a module does not own.
    struct Step: Sendable, Equatable {
        enum Change: Sendable, Equatable {
            case unchanged
            case reconfigured([String])
            case replaced(by: String)
            case added
            case removed
        }

        /// `liveness 'ping-pong'`, `network` or `node`.
        let subject: String
        let change: Change
        /// Why it cannot be done while the node runs; nil where it can.
        var obstacle: String?

        /// `liveness 'ping-pong': reconfigured (interval: 30s -> 10s)`.
        var text: String {
            let words =
                switch change {
                case .unchanged: "unchanged"
                case .reconfigured(let changes): "reconfigured (\(changes.joined(separator: ", ")))"
                case .replaced(let id): "replaced by '\(id)'"
                case .added: "added"
                case .removed: "removed"
                }
            return "\(subject): \(words)" + (obstacle.map { ": \($0)" } ?? "")
        }
    }

    var steps: [Step]

    /// Whether anything differs at all.
    var isEmpty: Bool { steps.allSatisfy { $0.change == .unchanged } }

    /// What stands in the way, one line each.
    var obstacles: [String] { steps.filter { $0.obstacle != nil }.map(\.text) }

    private static let restart = "needs a restart"

    init(
        from old: EffectiveProfile, _ oldNetwork: NetworkView, to new: EffectiveProfile, _ newNetwork: NetworkView
    ) {
        steps = Self.nodeSteps(old.node, new.node)
        for role in Role.allCases {
            steps += Self.moduleSteps(
                role, old.selections(role: role.rawValue), new.selections(role: role.rawValue)
            )
        }
        steps += Self.networkSteps(oldNetwork, newNetwork)
    }

    // MARK: The profile

    /// Where the network file lies is looked at with the network; the rest is read once, at the start.
    private static func nodeSteps(_ old: Options, _ new: Options) -> [Step] {
        let changes = new.changes(from: old).filter { $0.key != "network_file" }.map(\.description)
        return changes.isEmpty ? [] : [Step(subject: "node", change: .reconfigured(changes), obstacle: restart)]
    }

    private static func moduleSteps(_ role: Role, _ old: [ModuleSelection], _ new: [ModuleSelection]) -> [Step] {
        var steps: [Step] = []
        for index in 0..<max(old.count, new.count) {
            let before = index < old.count ? old[index] : nil
            let after = index < new.count ? new[index] : nil
            let subject = "\(role.rawValue) '\((before ?? after)?.id ?? "")'"
            let change: Step.Change =
                switch (before, after) {
                case (nil, _): .added
                case (_, nil): .removed
                case (let before?, let after?):
                    if before.id != after.id {
                        .replaced(by: after.id)
                    } else if before == after {
                        .unchanged
                    } else {
                        .reconfigured(after.options.changes(from: before.options).map(\.description))
                    }
                }
            steps.append(Step(subject: subject, change: change, obstacle: obstacle(role, change)))
        }
        return steps
    }

    private static func obstacle(_ role: Role, _ change: Step.Change) -> String? {
        if change == .unchanged { return nil }
        switch role {
        case .transport, .store, .rpc: return restart
        case .liveness: return nil
        case .links, .consensus, .discovery, .application, .workload:
            if case .replaced = change { return restart }
            return nil
        }
    }

    // MARK: The network

    private static func networkSteps(_ old: NetworkView, _ new: NetworkView) -> [Step] {
        var steps: [Step] = []
        let agreed = [
            ("name", old.name == new.name), ("genesis", old.genesis == new.genesis),
            ("slot interval", old.slotInterval == new.slotInterval),
            ("minimum of masternodes", old.minimumMasternodes == new.minimumMasternodes),
        ].filter { !$0.1 }.map(\.0)
        if !agreed.isEmpty {
            steps.append(
                Step(
                    subject: "network", change: .reconfigured(agreed),
                    obstacle: "all nodes have to agree on it, so it \(restart)"
                )
            )
        }
        for member in new.masternodes {
            guard let before = old.masternode(member.identity) else {
                steps.append(Step(subject: "masternode \(member.name)", change: .added))
                continue
            }
            var changes: [String] = []
            if before.name != member.name { changes.append("was \(before.name)") }
            if text(before) != text(member) { changes.append("\(text(before)) -> \(text(member))") }
            if !changes.isEmpty {
                steps.append(Step(subject: "masternode \(member.name)", change: .reconfigured(changes)))
            }
        }
        for member in old.masternodes where new.masternode(member.identity) == nil {
            steps.append(Step(subject: "masternode \(member.name)", change: .removed))
        }
        if bootstrap(of: old) != bootstrap(of: new) {
            let change = "[\(bootstrap(of: old))] -> [\(bootstrap(of: new))]"
            steps.append(Step(subject: "bootstrap", change: .reconfigured([change])))
        }
        return steps
    }

    private static func text(_ member: NetworkView.Masternode) -> String {
        member.endpoint?.description ?? member.hostName?.description ?? "no address"
    }

    private static func bootstrap(of network: NetworkView) -> String {
        (network.bootstrap.map(\.description) + network.bootstrapNames.map(\.description)).joined(separator: " ")
    }
}

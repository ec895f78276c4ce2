import Foundation

/// What one module remembers, written out: for a record of a run, and for the module's successor.
public struct ModuleSnapshot: Codable, Sendable, Hashable {
    /// Which module of the node: `links`, `liveness`, `consensus`, `discovery 0`, `workload 0` and so on, and
    /// `application`.
    public let module: String
    /// The version of the state's form; `Policy.stateVersion` of the module that wrote it.
    public let version: Int
    /// The state as JSON with sorted keys, so that equal states are equal bytes.
    public let state: Data

    public init(module: String, version: Int, state: Data) {
        self.module = module
        self.version = version
        self.state = state
    }

    /// The same from bytes, for those who do without `Data`.
    package init(module: String, version: Int, bytes: [UInt8]) {
        self.init(module: module, version: version, state: Data(bytes))
    }

    /// The state's bytes.
    package var bytes: [UInt8] { Array(state) }
}

/// Why a snapshot cannot be taken over.
public struct SnapshotError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// The node has no module in that place.
        case noSuchModule = "no-such-module"
        /// The state was written by a module with another form of it.
        case otherVersion = "other-version"
        /// The bytes are not a state of the module.
        case unreadable
        /// The node was made of other modules, or of another number of them.
        case otherModules = "other-modules"
    }

    public let code: Code
    /// What is wrong, with the module's place.
    public let description: String
}

extension ModuleSnapshot {
    init(of state: some Encodable, as module: String, version: Int) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        self.init(module: module, version: version, state: try encoder.encode(state))
    }

    func read<State: Decodable>(_ type: State.Type, version expected: Int) throws(SnapshotError) -> State {
        guard version == expected else {
            throw SnapshotError(
                code: .otherVersion,
                description: "\(module): the state has version \(version), the module reads \(expected)"
            )
        }
        let read: State
        do {
            read = try JSONDecoder().decode(type, from: state)
        } catch {
            throw SnapshotError(code: .unreadable, description: "\(module): \(error)")
        }
        if let fault = (read as? any CheckedState)?.fault {
            throw SnapshotError(code: .unreadable, description: "\(module): \(fault)")
        }
        return read
    }
}

/// A state whose parts refer to each other. What comes from a file is checked before a module works with it.
public protocol CheckedState {
    /// What is wrong with it, in words; nil for a state that the module can have.
    var fault: String? { get }
}

extension Policy {
    func snapshot(as module: String) throws -> ModuleSnapshot {
        try ModuleSnapshot(of: state, as: module, version: Self.stateVersion)
    }

    mutating func restore(_ snapshot: ModuleSnapshot) throws(SnapshotError) {
        state = try snapshot.read(State.self, version: Self.stateVersion)
    }
}

extension ApplicationPolicy {
    func snapshot() throws -> ModuleSnapshot {
        try ModuleSnapshot(of: state, as: "application", version: Self.stateVersion)
    }

    mutating func restore(_ snapshot: ModuleSnapshot) throws(SnapshotError) {
        state = try snapshot.read(State.self, version: Self.stateVersion)
    }
}

extension Node {
    /// What every module remembers, in the order links, liveness, consensus, discovery, workloads, application.
    public func snapshots() throws -> [ModuleSnapshot] {
        var snapshots = [
            try machine.links.snapshot(as: "links"), try machine.liveness.snapshot(as: "liveness"),
            try machine.consensus.snapshot(as: "consensus"),
        ]
        for (index, policy) in machine.discovery.enumerated() {
            snapshots.append(try policy.snapshot(as: "discovery \(index)"))
        }
        for (index, policy) in machine.workloads.enumerated() {
            snapshots.append(try policy.snapshot(as: "workload \(index)"))
        }
        if let application = machine.context.application { snapshots.append(try application.snapshot()) }
        return snapshots
    }

    /// Gives modules back what they remembered, before the node starts. A failure leaves the modules before it
    /// restored and the node fit for nothing but to be dropped.
    public func restore(_ snapshots: [ModuleSnapshot]) throws(SnapshotError) {
        for snapshot in snapshots {
            switch snapshot.module {
            case "links": try machine.links.restore(snapshot)
            case "liveness": try machine.liveness.restore(snapshot)
            case "consensus": try machine.consensus.restore(snapshot)
            case "application" where machine.context.application != nil:
                try machine.context.application?.restore(snapshot)
            default: try restoreListed(snapshot)
            }
        }
    }

    private func restoreListed(_ snapshot: ModuleSnapshot) throws(SnapshotError) {
        let words = snapshot.module.split(separator: " ")
        if words.count == 2, let index = Int(words[1]) {
            if words[0] == "discovery", machine.discovery.indices.contains(index) {
                return try machine.discovery[index].restore(snapshot)
            }
            if words[0] == "workload", machine.workloads.indices.contains(index) {
                return try machine.workloads[index].restore(snapshot)
            }
        }
        throw SnapshotError(code: .noSuchModule, description: "the node has no module '\(snapshot.module)'")
    }
}

import Profile

/// Why a module that a profile selects cannot be made.
public struct AssemblyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of problem it is.
    public enum Code: String, Sendable, Hashable {
        /// The profile selects no module for a role that a node cannot do without.
        case missingRole = "missing-role"
        /// This binary has no such module.
        case unknownModule = "unknown-module"
        /// The module's own constructor refused its options.
        case refusedOptions = "refused-options"
        /// The module's descriptor names other messages than its policy has.
        case otherMessages = "other-messages"
    }

    public let code: Code
    public let role: String
    /// The module; empty where none is selected.
    public let id: String
    /// Where the profile selects it.
    public let location: SourceLocation?
    /// What is wrong and what to do, without the module's name.
    public let message: String

    public init(code: Code, role: String, id: String, location: SourceLocation?, message: String) {
        self.code = code
        self.role = role
        self.id = id
        self.location = location
        self.message = message
    }

    /// `node.yaml:6:10: links 'single-link': …`.
    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        return "\(place)\(role)\(id.isEmpty ? "" : " '\(id)'"): \(message)"
    }
}

/// Makes the modules that a profile selects, with their real constructors.
extension Registry {
    /// The policies of one node, made and not started. Call it once a node: policies are state.
    ///
    /// - Throws: ``AssemblyError`` for the first module that cannot be made.
    public func policies(for profile: EffectiveProfile) throws(AssemblyError) -> PolicySet {
        var policies = PolicySet(
            links: try one(.links, profile) { if case .links(let make) = $0 { make } else { nil } },
            liveness: try one(.liveness, profile) { if case .liveness(let make) = $0 { make } else { nil } },
            consensus: try one(.consensus, profile) { if case .consensus(let make) = $0 { make } else { nil } },
            discovery: try all(.discovery, profile) { if case .discovery(let make) = $0 { make } else { nil } },
            application: try all(.application, profile) { if case .application(let make) = $0 { make } else { nil } }
                .first,
            workloads: try all(.workload, profile) { if case .workload(let make) = $0 { make } else { nil } }
        )
        policies.linksID = profile.selections(role: Role.links.rawValue).first?.id ?? ""
        policies.livenessID = profile.selections(role: Role.liveness.rawValue).first?.id ?? ""
        policies.consensusID = profile.selections(role: Role.consensus.rawValue).first?.id ?? ""
        policies.discoveryIDs = profile.selections(role: Role.discovery.rawValue).map(\.id)
        policies.workloadIDs = profile.selections(role: Role.workload.rawValue).map(\.id)
        policies.agreed = agreedValues(of: profile)
        return policies
    }

    /// What the selected modules add to what all nodes of a network must hold alike: the consensus module and the
    /// applications, each with its agreed options. A module that only makes load is left out.
    private func agreedValues(of profile: EffectiveProfile) -> [AgreedValue] {
        [Role.consensus, .application].flatMap { role in
            profile.selections(role: role.rawValue).filter { module(role, $0.id)?.spec.isAgreed ?? true }
                .flatMap { AgreedValue.values(role: role, $0) }
        }
    }

    /// How the profile's node carries bytes.
    public func transport(for profile: EffectiveProfile) throws(AssemblyError) -> TransportPort {
        try one(.transport, profile) { if case .transport(let make) = $0 { make } else { nil } }
    }

    /// What opens the store of the profile's node.
    public func store(for profile: EffectiveProfile) throws(AssemblyError) -> StorePort {
        try one(.store, profile) { if case .store(let make) = $0 { make } else { nil } }
    }

    /// Where the outside may ask the profile's node, in the profile's order.
    public func servers(for profile: EffectiveProfile) throws(AssemblyError) -> [RPCPort] {
        try all(.rpc, profile) { if case .rpc(let make) = $0 { make } else { nil } }
    }

    /// Makes every selected module and keeps none: what `config check` finds beyond what the loader checks.
    public func problems(building profile: EffectiveProfile) -> [AssemblyError] {
        var problems: [AssemblyError] = []
        for selection in profile.modules {
            do throws(AssemblyError) {
                try tryOut(selection)
            } catch {
                problems.append(error)
            }
        }
        for role in Role.allCases where role.spec.isRequired && profile.selections(role: role.rawValue).isEmpty {
            problems.append(Self.missing(role))
        }
        return problems
    }

    private func tryOut(_ selection: ModuleSelection) throws(AssemblyError) {
        let descriptor = try descriptor(of: selection)
        let options = selection.options
        try refusing(selection) {
            switch descriptor.factory {
            case .links(let make): try Self.check(try make(options), descriptor)
            case .discovery(let make): try Self.check(try make(options), descriptor)
            case .liveness(let make): try Self.check(try make(options), descriptor)
            case .consensus(let make): try Self.check(try make(options), descriptor)
            case .workload(let make): try Self.check(try make(options), descriptor)
            case .application(let make): _ = try make(options)
            case .transport(let make): _ = try make(options)
            case .store(let make): _ = try make(options)
            case .rpc(let make): _ = try make(options)
            }
        }
    }

    // MARK: One role

    private typealias Maker<Module> = @Sendable (Options) throws -> Module

    private func one<Module>(
        _ role: Role, _ profile: EffectiveProfile, _ maker: (ModuleFactory) -> Maker<Module>?
    ) throws(AssemblyError) -> Module {
        guard let module = try all(role, profile, maker).first else { throw Self.missing(role) }
        return module
    }

    private func all<Module>(
        _ role: Role, _ profile: EffectiveProfile, _ maker: (ModuleFactory) -> Maker<Module>?
    ) throws(AssemblyError) -> [Module] {
        var modules: [Module] = []
        for selection in profile.selections(role: role.rawValue) {
            let descriptor = try descriptor(of: selection)
            guard let make = maker(descriptor.factory) else {
                preconditionFailure("the descriptor of \(role.rawValue) '\(selection.id)' makes another role")
            }
            try refusing(selection) {
                let module = try make(selection.options)
                if let policy = module as? any Policy { try Self.check(policy, descriptor) }
                modules.append(module)
            }
        }
        return modules
    }

    private func descriptor(of selection: ModuleSelection) throws(AssemblyError) -> ModuleDescriptor {
        if let role = Role(rawValue: selection.role), let module = module(role, selection.id) { return module }
        throw AssemblyError(
            code: .unknownModule, role: selection.role, id: selection.id, location: selection.location,
            message: "this program has no such module: 'timenode modules list' names those it has"
        )
    }

    private func refusing(_ selection: ModuleSelection, _ body: () throws -> Void) throws(AssemblyError) {
        do {
            try body()
        } catch let mismatch as MessageMismatch {
            throw AssemblyError(
                code: .otherMessages, role: selection.role, id: selection.id, location: selection.location,
                message: mismatch.description
            )
        } catch {
            throw AssemblyError(
                code: .refusedOptions, role: selection.role, id: selection.id, location: selection.location,
                message: "\(error)"
            )
        }
    }

    private static func check(_ policy: some Policy, _ descriptor: ModuleDescriptor) throws(MessageMismatch) {
        try MessageMismatch.check(policy, descriptor)
    }

    private static func missing(_ role: Role) -> AssemblyError {
        AssemblyError(
            code: .missingRole, role: role.rawValue, id: "", location: nil,
            message: "no module is selected: add '\(role.rawValue): {use: …}' to the profile"
        )
    }
}

/// A descriptor that names other messages than its module's policy has.
struct MessageMismatch: Error, CustomStringConvertible {
    let description: String

    static func check<Module: Policy>(_ policy: Module, _ descriptor: ModuleDescriptor) throws(MessageMismatch) {
        guard descriptor.messages != Module.Messages.self else { return }
        throw MessageMismatch(
            description: "the descriptor names the messages '\(descriptor.messages)', the module has "
                + "'\(Module.Messages.self)': give the descriptor 'messages: \(Module.Messages.self).self'"
        )
    }
}

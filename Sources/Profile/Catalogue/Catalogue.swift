/// All that a profile can say: the roles, the modules that can play them, and the keys of the node itself.
public struct Catalogue: Sendable {
    public let roles: [RoleSpec]
    public let modules: [ModuleSpec]
    /// The keys under `node:`.
    public let node: OptionSpec

    /// - Precondition: names are unique, and each module's role exists.
    public init(roles: [RoleSpec], modules: [ModuleSpec], node: OptionSpec = Catalogue.nodeOptions) {
        self.roles = roles
        self.modules = modules
        self.node = node
        for (index, role) in roles.enumerated() {
            let isFirst = !roles[..<index].contains { $0.name == role.name }
            precondition(isFirst, "the role '\(role.name)' is declared twice")
        }
        for (index, module) in modules.enumerated() {
            let isFirst = !modules[..<index].contains { $0.role == module.role && $0.id == module.id }
            precondition(isFirst, "the module '\(module.role)/\(module.id)' is declared twice")
            precondition(roles.contains { $0.name == module.role }, "the role '\(module.role)' is not declared")
            precondition(module.id != "use", "'use' cannot be the name of a module")
        }
    }

    public func role(_ name: String) -> RoleSpec? { roles.first { $0.name == name } }

    /// The modules that can play a role, in the order of the catalogue.
    public func modules(role: String) -> [ModuleSpec] { modules.filter { $0.role == role } }

    public func module(role: String, id: String) -> ModuleSpec? {
        modules.first { $0.role == role && $0.id == id }
    }

    /// The keys under `node:` of the standard node.
    public static let nodeOptions = OptionSpec([
        .optionalPath("network_file", "who takes part, and what all must agree on")
            .withExample("./network.yaml"),
        .optionalPath("data_dir", "identity key; made on the first run")
            .withExample("./data"),
        .record("log", logOptions, "what is written to the log"),
    ])

    private static let logOptions = OptionSpec([
        .choice(
            "level", default: "info", of: ["trace", "debug", "info", "notice", "warning", "error", "critical"],
            "the least important messages that are written"
        ),
        .choice("format", default: "text", of: ["text", "json"], "for people or for programs"),
    ])
}

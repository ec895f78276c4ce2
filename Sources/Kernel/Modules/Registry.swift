import Profile
public import Wire

/// The modules a binary knows: a value that `main` builds, so that a node of somebody else's is a package that adds
/// its own descriptors.
public struct Registry: Sendable {
    /// In the order they were added.
    public let modules: [ModuleDescriptor]

    /// A registry of `modules`; two of one role and id are our own mistake.
    public init(_ modules: [ModuleDescriptor]) {
        for (index, module) in modules.enumerated() {
            precondition(
                !modules[..<index].contains { $0.spec.role == module.spec.role && $0.spec.id == module.spec.id },
                "two modules call themselves \(module.spec.role) '\(module.spec.id)'"
            )
        }
        self.modules = modules
    }

    /// This registry and more modules.
    public static func + (registry: Registry, more: [ModuleDescriptor]) -> Registry {
        Registry(registry.modules + more)
    }

    /// What the modules say to their peers, each type once, in the order in which the modules were added.
    public var messages: [any ModuleMessage.Type] {
        var types: [any ModuleMessage.Type] = []
        for module in modules where module.messages.scope.number != 0 {
            if !types.contains(where: { $0 == module.messages }) { types.append(module.messages) }
        }
        return types
    }

    /// Whether every message of every module can be told from those of all others.
    ///
    /// - Throws: ``RegistryError`` for the first two that cannot.
    public func check() throws(RegistryError) { try Self.check(messages.map { $0.scope }) }

    static func check(_ scopes: [MessageScope]) throws(RegistryError) {
        for (index, scope) in scopes.enumerated() {
            let other = scopes[..<index].first { $0.number == scope.number && $0.channel == scope.channel }
            guard let other else { continue }
            throw RegistryError(
                code: .sameScope,
                message: other.module == scope.module
                    ? "two modules declare different messages under the one name '\(scope)': rename one of them"
                    : "the messages of '\(other)' and '\(scope)' have the same scope \(scope.number) on the wire: "
                        + "rename one of the modules"
            )
        }
    }

    /// The module of this role and id, nil when this binary has none.
    public func module(_ role: Role, _ id: String) -> ModuleDescriptor? {
        modules.first { $0.spec.role == role.rawValue && $0.spec.id == id }
    }

    /// What profiles are checked against.
    public var catalogue: Catalogue {
        Catalogue(roles: Role.allCases.map(\.spec), modules: modules.map(\.spec))
    }
}

/// Why the modules of a registry cannot be together.
public struct RegistryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of problem it is.
    public enum Code: String, Sendable, Hashable {
        /// Messages of two modules cannot be told apart.
        case sameScope = "same-scope"
    }

    public let code: Code
    /// What is wrong and what to do.
    public let message: String

    public var description: String { message }
}

import Profile

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

    /// The module of this role and id, nil when this binary has none.
    public func module(_ role: Role, _ id: String) -> ModuleDescriptor? {
        modules.first { $0.spec.role == role.rawValue && $0.spec.id == id }
    }

    /// What profiles are checked against.
    public var catalogue: Catalogue {
        Catalogue(roles: Role.allCases.map(\.spec), modules: modules.map(\.spec))
    }
}

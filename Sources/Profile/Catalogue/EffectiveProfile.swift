/// A profile after everything is said: files laid over each other, references filled in, overrides applied, checked.
public struct EffectiveProfile: Sendable {
    /// The file's name without its extension.
    public let name: String
    public let path: String
    /// The options under `node:`.
    public let node: Options
    /// The selected modules in the catalogue's order of roles, in a list role in the profile's order.
    public let modules: [ModuleSelection]
    /// Blocks of modules that are not selected: checked, and without effect.
    public let inactive: [ModuleSelection]
    public let catalogue: Catalogue
    private let sources: [SourceText]
    private let overrides: [String]

    init(
        name: String, path: String, node: Options, modules: [ModuleSelection], inactive: [ModuleSelection],
        catalogue: Catalogue, session: LoadSession
    ) {
        self.name = name
        self.path = path
        self.node = node
        self.modules = modules
        self.inactive = inactive
        self.catalogue = catalogue
        sources = session.sources
        overrides = session.overrides
    }

    /// The paths of the files that the profile was read from: itself, and those that it extends.
    public var files: [String] { sources.map(\.name) }

    /// The resolved path of the network file, if the profile names one.
    public var networkFile: String? { nodePath("network_file") }

    /// The resolved path of the data directory, if the profile names one.
    public var dataDirectory: String? { nodePath("data_dir") }

    private func nodePath(_ key: String) -> String? {
        node.has(key) ? node.optionalPath(key) : nil
    }

    /// The modules selected for a role, in the profile's order.
    public func selections(role: String) -> [ModuleSelection] {
        modules.filter { $0.role == role }
    }

    /// The first (for most roles: the only) module selected for a role.
    public func selection(role: String) -> ModuleSelection? {
        modules.first { $0.role == role }
    }

    /// Overrides that change nothing, because they are about a module that is not selected, each with the reason.
    public var inertOverrides: [(override: String, reason: String)] {
        overrides.compactMap { text in
            let path = text.prefix { $0 != "=" }.split(separator: ".").map(String.init)
            guard path.count > 3, path[0] == "modules", catalogue.module(role: path[1], id: path[2]) != nil else {
                return nil
            }
            let used = selections(role: path[1]).map(\.id)
            if used.contains(path[2]) { return nil }
            let names = used.isEmpty ? "no module" : used.map { "'\($0)'" }.joined(separator: " and ")
            return (text, "\(path[1]) uses \(names), not '\(path[2])'")
        }
    }

    func provenance(_ location: SourceLocation) -> Provenance {
        LoadSession(environment: [:], overrides: overrides).provenance(location, environment: nil)
    }

    /// An error about a selected module that shows only when it is built, put at the key it is about (or else at the
    /// place where the module is selected).
    public func diagnostic(for selection: ModuleSelection, key: String? = nil, message: String) -> Diagnostic {
        var location = selection.location
        var isSecret = false
        if let key, let field = selection.options.spec.field(key) {
            isSecret = field.isSecret
            switch selection.options.provenance(of: key) {
            case .file(let place), .environment(_, let place): location = place
            case .override(let text):
                let line = overrides.firstIndex(of: text).map { $0 + 1 } ?? 0
                location = SourceLocation(file: SourceLocation.overrideFile, line: line, column: 1, length: text.count)
            case .default: break
            }
        }
        let session = LoadSession(environment: [:], overrides: overrides)
        for source in sources { session.add(source) }
        return Diagnostic(
            severity: .error, code: .rule, location: location,
            message: "\(selection.role) '\(selection.id)': \(message)",
            snippet: isSecret ? nil : location.flatMap { session.snippet(at: $0) }
        )
    }
}

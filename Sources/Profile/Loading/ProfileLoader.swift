/// Loads profiles: reads the file and those it extends, applies overrides, checks everything against a catalogue, and
/// reports all problems of a run at once.
public struct ProfileLoader: Sendable {
    /// Files that extend each other, the profile included.
    public static let maximumChain = 16

    public let catalogue: Catalogue
    public let environment: [String: String]
    public let fileSystem: ProfileFileSystem

    /// - Parameter environment: what `${env:NAME}` refers to.
    public init(
        catalogue: Catalogue, environment: [String: String] = [:], fileSystem: ProfileFileSystem = .real
    ) {
        self.catalogue = catalogue
        self.environment = environment
        self.fileSystem = fileSystem
    }

    /// Loads a profile from a file.
    ///
    /// - Parameter overrides: `modules.liveness.use=tcp-keepalive`: a path of keys, and a YAML scalar or flow value.
    public func load(path: String, overrides: [String] = []) -> LoadOutcome<EffectiveProfile> {
        let session = LoadSession(environment: environment, overrides: overrides)
        let tree = ProfileTree(session: session, fileSystem: fileSystem)
        return outcome(of: tree.load(path: path), path: path, session)
    }

    /// Loads a profile from a text that is at hand.
    ///
    /// - Parameter name: the path that the text has, or could have; relative paths in it resolve against its folder.
    public func load(text: String, name: String, overrides: [String] = []) -> LoadOutcome<EffectiveProfile> {
        let session = LoadSession(environment: environment, overrides: overrides)
        let tree = ProfileTree(session: session, fileSystem: fileSystem)
        return outcome(of: tree.load(bytes: Array(text.utf8), name: name), path: name, session)
    }

    private func outcome(
        of tree: YAMLNode?, path: String, _ session: LoadSession
    ) -> LoadOutcome<EffectiveProfile> {
        let overrides = OverrideParser(session: session).tree()
        var profile: EffectiveProfile?
        if var tree {
            if let overrides { tree = tree.merged(with: overrides) }
            tree = NetworkOverlay(session: session, fileSystem: fileSystem, catalogue: catalogue).applied(to: tree)
            profile = ProfileDecoder(session: session, catalogue: catalogue).decode(tree, path: path)
        }
        return LoadOutcome(value: session.hasErrors ? nil : profile, diagnostics: session.diagnostics())
    }
}

/// Loads any other document (a network file, a scenario) against a spec for its top level, as strictly as a profile.
public struct DocumentLoader: Sendable {
    public let environment: [String: String]
    public let fileSystem: ProfileFileSystem

    /// - Parameter environment: what `${env:NAME}` refers to.
    public init(environment: [String: String] = [:], fileSystem: ProfileFileSystem = .real) {
        self.environment = environment
        self.fileSystem = fileSystem
    }

    /// - Parameters:
    ///   - spec: the keys of the top level.
    ///   - what: what the document is, for messages.
    ///   - others: keys of the top level that somebody else reads.
    public func load(
        path: String, spec: OptionSpec, what: String = "the document", leavingOut others: [String] = []
    ) -> LoadOutcome<Options> {
        let session = LoadSession(environment: environment)
        let node = DocumentReader(session: session, fileSystem: fileSystem).read(path: path, what: what)
        return outcome(node?.without(others), spec, what, name: path, session)
    }

    /// - Parameter name: the path that the text has, or could have; relative paths in it resolve against its folder.
    public func load(
        text: String, name: String, spec: OptionSpec, what: String = "the document", leavingOut others: [String] = []
    ) -> LoadOutcome<Options> {
        let session = LoadSession(environment: environment)
        let reader = DocumentReader(session: session, fileSystem: fileSystem)
        let node = reader.read(bytes: Array(text.utf8), name: name)
        return outcome(node?.without(others), spec, what, name: name, session)
    }

    private func outcome(
        _ node: YAMLNode?, _ spec: OptionSpec, _ what: String, name: String, _ session: LoadSession
    ) -> LoadOutcome<Options> {
        var options: Options?
        if let node {
            options = OptionDecoder(session: session).options(spec, from: node, owner: what, at: .wholeFile(name))
        }
        return LoadOutcome(value: session.hasErrors ? nil : options, diagnostics: session.diagnostics())
    }
}

extension YAMLNode {
    /// The mapping without some of its keys.
    fileprivate func without(_ keys: [String]) -> YAMLNode {
        guard let pairs, !keys.isEmpty else { return self }
        var rest = self
        rest.content = .mapping(pairs.filter { !keys.contains($0.key) })
        return rest
    }
}

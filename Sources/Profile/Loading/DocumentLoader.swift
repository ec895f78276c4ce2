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
    public func load(path: String, spec: OptionSpec, what: String = "the document") -> LoadOutcome<Options> {
        let session = LoadSession(environment: environment)
        let node = DocumentReader(session: session, fileSystem: fileSystem).read(path: path, what: what)
        return outcome(node, spec, what, name: path, session)
    }

    /// - Parameter name: the path that the text has, or could have; relative paths in it resolve against its folder.
    public func load(
        text: String, name: String, spec: OptionSpec, what: String = "the document"
    ) -> LoadOutcome<Options> {
        let session = LoadSession(environment: environment)
        let reader = DocumentReader(session: session, fileSystem: fileSystem)
        return outcome(reader.read(bytes: Array(text.utf8), name: name), spec, what, name: name, session)
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

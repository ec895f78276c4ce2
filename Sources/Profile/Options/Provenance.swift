/// Where an effective value came from.
public enum Provenance: Sendable, Hashable {
    /// Nobody said anything.
    case `default`
    case file(SourceLocation)
    /// A reference in a file to an environment variable, which was set.
    case environment(name: String, SourceLocation)
    /// The text of the `--set` that said it.
    case override(String)

    /// For people: `default`, `node.yaml:14`, `env NAME (node.yaml:14)`, `--set PATH`.
    public var inWords: String {
        switch self {
        case .default: "default"
        case .file(let location): "\(location.file):\(location.line)"
        case .environment(let name, let location): "env \(name) (\(location.file):\(location.line))"
        // Without the value: it may hold a secret.
        case .override(let text): "--set \(printable(String(text.prefix { $0 != "=" }), limit: 100))"
        }
    }
}

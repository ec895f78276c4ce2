/// What a network file says about modules, laid over the profile that names the file.
///
/// A network file may state the consensus module and the application of its network, with those options that all nodes
/// must agree on, in the words of a profile:
///
/// ```yaml
/// consensus: {use: slot-leader, slot-leader: {max_block_bytes: 1MiB}}
/// ```
///
/// What the file states holds for every node: an option that the profile leaves at its default takes the file's value, and
/// a profile that states another value is refused.
struct NetworkOverlay {
    /// The roles whose modules a network file may state.
    static let roles = ["consensus", "application"]

    let session: LoadSession
    let fileSystem: ProfileFileSystem
    let catalogue: Catalogue

    /// The profile's tree with what the network file states on top; the tree itself where there is no such file, or one
    /// that cannot be read, which whoever needs the network reports.
    func applied(to tree: YAMLNode) -> YAMLNode {
        guard let path = networkFile(of: tree), let stated = stated(in: path), !stated.isEmpty else { return tree }
        checkOptions(stated)
        let blocks = YAMLNode(content: .mapping(stated), location: stated[0].keyLocation)
        let modules = YAMLPair(key: "modules", keyLocation: stated[0].keyLocation, value: blocks)
        let merged = tree.merged(with: YAMLNode(content: .mapping([modules]), location: tree.location))
        compare(tree, merged, stated)
        return merged
    }

    private func networkFile(of tree: YAMLNode) -> String? {
        let node = tree.pairs?.first { $0.key == "node" }?.value
        guard let file = node?.pairs?.first(where: { $0.key == "network_file" })?.value,
            case .scalar(let text, let isPlain) = file.content,
            !(isPlain && (YAMLNode.isNull(text) || text == "unset")),
            let name = try? EnvironmentReference.substitute(text, session.environment).text
        else { return nil }
        // A path that cannot be resolved is reported where the option is decoded.
        return try? session.resolve(name, statedIn: file.location.file)
    }

    /// The pairs of the roles above, nil where the file is not there or no YAML.
    private func stated(in path: String) -> [YAMLPair]? {
        let probe = LoadSession(environment: session.environment)
        guard case .success = fileSystem.read(path),
            let root = DocumentReader(session: probe, fileSystem: fileSystem).read(
                path: path, what: "the network file"),
            !probe.hasErrors
        else { return nil }
        let pairs = (root.pairs ?? []).filter { Self.roles.contains($0.key) && catalogue.role($0.key) != nil }
        if !pairs.isEmpty { for source in probe.sources { session.add(source) } }
        return pairs
    }

    /// Only what all nodes must agree on belongs in a network file.
    private func checkOptions(_ stated: [YAMLPair]) {
        for role in stated {
            for block in role.value.pairs ?? [] where block.key != "use" {
                guard let module = catalogue.module(role: role.key, id: block.key) else { continue }
                for option in block.value.pairs ?? [] {
                    guard let field = module.options.field(option.key), !field.isAgreed else { continue }
                    session.error(
                        .rule, option.keyLocation,
                        "'\(option.key)' of \(role.key) '\(block.key)' is each node's own matter",
                        help: "move it into the profile: a network file states what all nodes must agree on"
                    )
                }
            }
        }
    }

    /// Refuses a profile that says otherwise than the network file.
    private func compare(_ tree: YAMLNode, _ merged: YAMLNode, _ stated: [YAMLPair]) {
        // Whatever is wrong with either is reported when the merged tree is decoded.
        func decoded(_ tree: YAMLNode) -> EffectiveProfile? {
            let silent = LoadSession(environment: session.environment, overrides: session.overrides)
            for source in session.sources { silent.add(source) }
            return ProfileDecoder(session: silent, catalogue: catalogue).decode(tree, path: tree.location.file)
        }
        guard let own = decoded(tree), let result = decoded(merged) else { return }
        for role in stated {
            let place = "\(role.keyLocation.file), line \(role.keyLocation.line)"
            let (ours, theirs) = (own.selections(role: role.key), result.selections(role: role.key))
            if let first = ours.first, ours.map(\.id) != theirs.map(\.id) {
                let names = theirs.map(\.id).joined(separator: ", ")
                session.error(
                    .rule, first.location,
                    "the network's \(role.key) is '\(names)' (\(place)), this profile says '\(first.id)'",
                    help: "all nodes of a network must agree: write '\(names)', or use another network file"
                )
                continue
            }
            for (mine, right) in zip(ours, theirs) {
                for field in mine.options.spec.fields
                where mine.options.value(field.key) != right.options.value(field.key) {
                    guard let location = location(of: mine.options.provenance(of: field.key)) else { continue }
                    let value = ValueText.flow(right.options.value(field.key), type: field.type)
                    session.error(
                        .rule, location,
                        "the network's '\(field.key)' of \(role.key) '\(mine.id)' is \(value) (\(place))",
                        help: "all nodes of a network must agree: remove '\(field.key)' from the profile"
                    )
                }
            }
        }
    }

    /// Where a value is written; nil for a default.
    private func location(of provenance: Provenance) -> SourceLocation? {
        switch provenance {
        case .file(let place), .environment(_, let place): return place
        case .override(let text):
            let line = (session.overrides.firstIndex(of: text) ?? 0) + 1
            return SourceLocation(file: SourceLocation.overrideFile, line: line, column: 1, length: text.count)
        case .default: return nil
        }
    }
}

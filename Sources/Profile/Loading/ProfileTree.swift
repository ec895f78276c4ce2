/// Lays a profile over the files that it extends.
struct ProfileTree {
    /// All files of one run: what `extends` can reach grows with every level of a list.
    static let maximumFiles = 64

    private let session: LoadSession
    private let fileSystem: ProfileFileSystem
    private let reader: DocumentReader

    init(session: LoadSession, fileSystem: ProfileFileSystem) {
        self.session = session
        self.fileSystem = fileSystem
        reader = DocumentReader(session: session, fileSystem: fileSystem)
    }

    /// A file on the way from the profile to the one being read.
    private struct Link {
        var path: String
        var canonical: String
    }

    func load(path: String) -> YAMLNode? {
        guard let node = reader.read(path: path, what: "the profile") else { return nil }
        return extended(node, chain: [Link(path: path, canonical: fileSystem.canonicalPath(path))])
    }

    func load(bytes: [UInt8], name: String) -> YAMLNode? {
        guard let node = reader.read(bytes: bytes, name: name) else { return nil }
        return extended(node, chain: [Link(path: name, canonical: fileSystem.canonicalPath(name))])
    }

    /// `node` over what it extends, without the key itself. What cannot be read is reported and left out.
    private func extended(_ node: YAMLNode, chain: [Link]) -> YAMLNode? {
        guard let pairs = node.pairs, let extends = pairs.first(where: { $0.key == "extends" }) else { return node }
        var own = node
        own.content = .mapping(pairs.filter { $0.key != "extends" })
        var base: YAMLNode?
        for (path, location) in parents(extends.value, of: node.location.file) {
            guard let parent = load(path, namedAt: location, chain: chain) else {
                session.isIncomplete = true
                continue
            }
            base = base?.merged(with: parent) ?? parent
        }
        guard let base, base.pairs != nil else { return own }
        return base.merged(with: own)
    }

    private func load(_ path: String, namedAt location: SourceLocation, chain: [Link]) -> YAMLNode? {
        let link = Link(path: path, canonical: fileSystem.canonicalPath(path))
        if let start = chain.firstIndex(where: { $0.canonical == link.canonical }) {
            let circle = (chain[start...].map(\.path) + [chain[start].path]).joined(separator: " → ")
            session.error(.extends, location, "the profile extends itself: \(circle)", help: "remove one of the steps")
            return nil
        }
        guard chain.count < ProfileLoader.maximumChain, session.readCount < ProfileTree.maximumFiles else {
            let message =
                "'extends' reaches more than \(ProfileLoader.maximumChain) levels or \(ProfileTree.maximumFiles) files"
            session.error(.extends, location, message, help: "put the common part into fewer files")
            return nil
        }
        guard let node = reader.read(path: path, what: "the extended file", namedAt: location) else { return nil }
        return extended(node, chain: chain + [link])
    }

    /// The paths that `extends` names, resolved, with their places.
    private func parents(_ node: YAMLNode, of file: String) -> [(path: String, location: SourceLocation)] {
        let items: [YAMLNode]
        switch node.content {
        case .scalar: items = [node]
        case .sequence(let nodes) where nodes.count > ProfileTree.maximumFiles:
            session.isIncomplete = true
            session.error(.extends, node.location, "'extends' lists more than \(ProfileTree.maximumFiles) files")
            return []
        case .sequence(let nodes): items = nodes
        case .mapping: items = []
        }
        var paths: [(path: String, location: SourceLocation)] = []
        let decoder = OptionDecoder(session: session)
        for item in items where !item.isRefused {
            guard case .scalar(let text, let plain) = item.content, !(plain && YAMLNode.isNull(text)), !text.isEmpty
            else {
                wrong(item)
                continue
            }
            guard let outcome = decoder.substitute(text, at: item.location) else {
                session.isIncomplete = true
                continue
            }
            do throws(HomePath.Problem) {
                paths.append((try session.resolve(outcome.text, statedIn: file), item.location))
            } catch {
                session.isIncomplete = true
                session.error(.unreadable, item.location, error.message, help: error.help)
            }
        }
        if case .mapping = node.content { wrong(node) }
        return paths
    }

    private func wrong(_ node: YAMLNode) {
        let message = "'extends' wants a path or a list of paths, found \(node.inWords)"
        session.isIncomplete = true
        session.error(.wrongType, node.location, message, help: "write for example 'extends: ../node.yaml'")
    }
}

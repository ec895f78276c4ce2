/// Reads the tree of a profile: the node's keys, and for each role its modules.
struct ProfileDecoder {
    let session: LoadSession
    let catalogue: Catalogue
    private let decoder: OptionDecoder

    init(session: LoadSession, catalogue: Catalogue) {
        self.session = session
        self.catalogue = catalogue
        decoder = OptionDecoder(session: session)
    }

    func decode(_ root: YAMLNode, path: String) -> EffectiveProfile? {
        guard !root.isRefused else { return nil }
        guard let pairs = root.pairs else {
            let message = "a profile is a block with the keys node and modules, found \(root.inWords)"
            session.error(.wrongType, root.location, message)
            return nil
        }
        for pair in pairs where pair.key != "node" && pair.key != "modules" { unknownTopKey(pair) }
        let node = pairs.first { $0.key == "node" }
        let top = SourceLocation(file: root.location.file, line: 1, column: 1, length: 1)
        let options = decoder.options(
            catalogue.node, from: node?.value, owner: "node", at: node?.keyLocation ?? top
        )
        guard let modules = pairs.first(where: { $0.key == "modules" }) else {
            if session.isIncomplete { return nil }
            let names = catalogue.roles.filter(\.isRequired).map(\.name)
            session.error(
                .missingRole, .wholeFile(path), "the profile selects no modules",
                help: "add 'modules:' with a module for each of \(names.joined(separator: ", "))"
            )
            return nil
        }
        let roles = decodeRoles(modules)
        guard let options, let roles else { return nil }
        return EffectiveProfile(
            name: ProfileFileSystem.name(of: path), path: path, node: options, modules: roles.flatMap(\.selected),
            inactive: roles.flatMap(\.inactive), catalogue: catalogue, session: session
        )
    }

    private func unknownTopKey(_ pair: YAMLPair) {
        let known = ["extends", "node", "modules"]
        let help: String
        if catalogue.role(pair.key) != nil {
            help = "roles stand under 'modules:'"
        } else if let near = Spelling.closest(to: pair.key, among: known) {
            help = "did you mean '\(near)'?"
        } else {
            help = "known keys: \(known.joined(separator: ", "))"
        }
        session.error(.unknownKey, pair.keyLocation, "unknown key \(quoted(pair.key)) in the profile", help: help)
    }

    private func decodeRoles(_ modules: YAMLPair) -> [DecodedRole]? {
        guard let written = decoder.pairs(of: modules.value, owner: "modules") else { return nil }
        let pairs = FormerRoles(session: session, catalogue: catalogue).moved(written)
        for pair in pairs where catalogue.role(pair.key) == nil { unknownRole(pair) }
        var roles: [DecodedRole] = []
        for role in catalogue.roles {
            guard let pair = pairs.first(where: { $0.key == role.name }) else {
                if role.isRequired, !session.isIncomplete { missing(role, at: modules.keyLocation) }
                continue
            }
            let reader = RoleDecoder(session: session, catalogue: catalogue, role: role)
            if let decoded = reader.decode(pair) { roles.append(decoded) }
        }
        return roles
    }

    private func missing(_ role: RoleSpec, at location: SourceLocation) {
        let modules = catalogue.modules(role: role.name)
        let example = (modules.first { $0.stability == .stable } ?? modules.first)?.id ?? "MODULE"
        let help = "add '\(role.name): {use: \(example)}' (\(role.summary); modules: \(RoleDecoder.names(modules)))"
        session.error(.missingRole, location, "no module for the role '\(role.name)'", help: help)
    }

    private func unknownRole(_ pair: YAMLPair) {
        let names = catalogue.roles.map(\.name)
        let help: String
        if let module = catalogue.modules.first(where: { $0.id == pair.key }) {
            help = "that is a module of the role '\(module.role)': write '\(module.role): {use: \(module.id)}'"
        } else if let near = Spelling.closest(to: pair.key, among: names) {
            help = "did you mean '\(near)'? (\(catalogue.role(near)?.summary ?? ""))"
        } else {
            help = "known roles: \(names.joined(separator: ", "))"
        }
        session.error(.unknownRole, pair.keyLocation, "unknown role \(quoted(pair.key))", help: help)
    }
}

/// The modules that one role block states.
struct DecodedRole {
    var selected: [ModuleSelection] = []
    var inactive: [ModuleSelection] = []
}

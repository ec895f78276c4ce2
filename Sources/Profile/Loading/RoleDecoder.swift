/// Reads the block of one role: `use`, and a block of options for each module.
struct RoleDecoder {
    let session: LoadSession
    let catalogue: Catalogue
    let role: RoleSpec

    /// Modules of one role.
    private static let maximumModules = 100

    private var modules: [ModuleSpec] { catalogue.modules(role: role.name) }

    static func names(_ modules: [ModuleSpec]) -> String {
        modules.map(\.id).joined(separator: ", ")
    }

    func decode(_ pair: YAMLPair) -> DecodedRole? {
        if pair.value.isRefused { return nil }
        guard let pairs = pair.value.isEmpty ? [] : pair.value.pairs else {
            let message = "the role '\(role.name)' wants a block with the key use, found \(pair.value.inWords)"
            session.error(
                .wrongType, pair.value.location, message, help: "write '\(role.name): {use: \(example(pair.value))}'")
            return nil
        }
        let use = pairs.first { $0.key == "use" }
        let selected = use.map { selection($0.value) } ?? []
        if use == nil { missingUse(pair, hasBlocks: !pairs.isEmpty) }
        for other in pairs where other.key != "use" && !modules.contains(where: { $0.id == other.key }) {
            unknownKey(other, selected: selected.compactMap { $0?.module })
        }
        let decoder = OptionDecoder(session: session)
        var blocks: [(module: ModuleSpec, options: Options, location: SourceLocation)] = []
        var isGood = use != nil || !role.isRequired
        for module in modules {
            let block = pairs.first { $0.key == module.id }
            let choice = selected.compactMap(\.self).first { $0.module.id == module.id }
            guard let place = block?.keyLocation ?? choice?.location else { continue }
            let owner = "\(role.name) '\(module.id)'"
            guard let options = decoder.options(module.options, from: block?.value, owner: owner, at: place) else {
                isGood = false
                continue
            }
            blocks.append((module, options, place))
        }
        guard isGood, selected.allSatisfy({ $0 != nil }) else { return nil }
        return collect(selected.compactMap(\.self), blocks)
    }

    private typealias Choice = (module: ModuleSpec, location: SourceLocation)

    private func collect(
        _ selected: [Choice], _ blocks: [(module: ModuleSpec, options: Options, location: SourceLocation)]
    ) -> DecodedRole {
        var result = DecodedRole()
        for choice in selected {
            guard let block = blocks.first(where: { $0.module.id == choice.module.id }) else { continue }
            result.selected.append(
                ModuleSelection(
                    role: role.name, id: choice.module.id, options: block.options, location: choice.location
                )
            )
        }
        for block in blocks where !selected.contains(where: { $0.module.id == block.module.id }) {
            result.inactive.append(
                ModuleSelection(role: role.name, id: block.module.id, options: block.options, location: block.location)
            )
        }
        return result
    }

    private func missingUse(_ pair: YAMLPair, hasBlocks: Bool) {
        if session.isIncomplete { return }
        let message = "the role '\(role.name)' does not say which module to use"
        let help = "add 'use: \(modules.first?.id ?? "MODULE")' (modules: \(RoleDecoder.names(modules)))"
        if role.isRequired {
            session.error(.missingRole, pair.keyLocation, message, help: help)
        } else if hasBlocks {
            session.warning(.missingRole, pair.keyLocation, message + ": it has no effect", help: help)
        }
    }

    /// The modules that `use` names; nil stands for one that was refused.
    private func selection(_ node: YAMLNode) -> [Choice?] {
        if node.isRefused { return [nil] }
        let items: [YAMLNode]
        switch node.content {
        case .scalar: items = [node]
        case .sequence(let nodes) where nodes.count > RoleDecoder.maximumModules:
            return [wrongUse(node, "at most \(RoleDecoder.maximumModules) modules", found: "\(nodes.count)")]
        case .sequence(let nodes) where role.isList:
            if nodes.isEmpty, role.isRequired { return [wrongUse(node, "at least one module", found: "an empty list")] }
            items = nodes
        case .sequence(let nodes):
            let help = nodes.count == 1 ? "write the name without brackets" : "choose one"
            return [wrongUse(node, "one module", found: "a list", help: help)]
        case .mapping:
            return [wrongUse(node, "the name of a module", found: node.inWords)]
        }
        var choices: [Choice?] = []
        for item in items {
            guard let choice = choice(item) else {
                choices.append(nil)
                continue
            }
            if choices.contains(where: { $0?.module.id == choice.module.id }) {
                let message = "the module '\(choice.module.id)' is listed twice for the role '\(role.name)'"
                session.error(.duplicateKey, item.location, message, help: "keep one of the two")
                choices.append(nil)
            } else {
                choices.append(choice)
            }
        }
        return choices
    }

    private func choice(_ node: YAMLNode) -> Choice? {
        if node.isRefused { return nil }
        guard case .scalar(let written, let plain) = node.content, !(plain && YAMLNode.isNull(written)) else {
            return wrongUse(node, "the name of a module", found: node.inWords)
        }
        guard let name = OptionDecoder(session: session).substitute(written, at: node.location)?.text else {
            return nil
        }
        guard let module = catalogue.module(role: role.name, id: name) else {
            unknownModule(name, at: node.location)
            return nil
        }
        if module.stability == .deprecated {
            session.warning(.deprecated, node.location, "the module '\(name)' is deprecated", help: module.summary)
        }
        return (module, node.location)
    }

    private func wrongUse(_ node: YAMLNode, _ wants: String, found: String, help: String? = nil) -> Choice? {
        let message = "the role '\(role.name)' wants \(wants), found \(found)"
        let fallback = "modules: \(RoleDecoder.names(modules))"
        session.error(.wrongType, node.location, message, help: help.map { "\($0) (\(fallback))" } ?? fallback)
        return nil
    }

    private func unknownModule(_ name: String, at location: SourceLocation) {
        let names = RoleDecoder.names(modules)
        var help = "modules: \(names)"
        if let other = catalogue.modules.first(where: { $0.id == name }) {
            help = "that is a module of the role '\(other.role)' (modules of '\(role.name)': \(names))"
        } else if let near = Spelling.closest(to: name, among: modules.map(\.id)) {
            help = "did you mean '\(near)'? (modules: \(names))"
        }
        session.error(
            .unknownModule, location, "unknown module \(quoted(name)) for the role '\(role.name)'", help: help)
    }

    private func unknownKey(_ pair: YAMLPair, selected: [ModuleSpec]) {
        let known = ["use"] + modules.map(\.id)
        let others = modules.filter { module in !selected.contains { $0.id == module.id } }
        let help: String
        if let module = (selected + others).first(where: { $0.options.field(pair.key) != nil }) {
            help = "that is an option of '\(module.id)': write '\(module.id): {\(pair.key): …}'"
        } else if let near = Spelling.closest(to: pair.key, among: known) {
            help = "did you mean '\(near)'?"
        } else {
            help = "known keys: \(known.joined(separator: ", "))"
        }
        session.error(
            .unknownKey, pair.keyLocation, "unknown key \(quoted(pair.key)) in the role '\(role.name)'", help: help
        )
    }

    private func example(_ node: YAMLNode) -> String {
        if case .scalar(let text, _) = node.content, catalogue.module(role: role.name, id: text) != nil { return text }
        return modules.first?.id ?? "MODULE"
    }
}

/// Reads profiles of the version before, in which a module played another role: what they say of it counts for the role
/// that it plays now, and a warning names the new line.
struct FormerRoles {
    let session: LoadSession
    let catalogue: Catalogue

    /// The roles' blocks with every such module under its role of now.
    func moved(_ pairs: [YAMLPair]) -> [YAMLPair] {
        var result = pairs
        for module in catalogue.modules {
            guard let former = module.formerRole, let index = result.firstIndex(where: { $0.key == former }),
                let block = result[index].value.pairs
            else { continue }
            let place = block.first { $0.key == "use" }.flatMap { Self.mention(of: module.id, in: $0.value) }
            let options = block.first { $0.key == module.id }
            guard let location = place ?? options?.keyLocation else { continue }
            session.warning(
                .deprecated, location, "'\(module.id)' plays the role '\(module.role)' now, not '\(former)'",
                help: "write '\(module.role): {use: [\(module.id)]}' under 'modules:', and its options there"
            )
            result[index].value = Self.without(module.id, result[index].value)
            if result[index].value.pairs?.isEmpty == true { result.remove(at: index) }
            add(module, location, isSelected: place != nil, options, to: &result)
        }
        return result
    }

    private func add(
        _ module: ModuleSpec, _ location: SourceLocation, isSelected: Bool, _ options: YAMLPair?,
        to pairs: inout [YAMLPair]
    ) {
        let index = pairs.firstIndex { $0.key == module.role }
        var block = index.flatMap { pairs[$0].value.pairs } ?? []
        if isSelected {
            let name = YAMLNode(content: .scalar(text: module.id, plain: true), location: location)
            if let use = block.firstIndex(where: { $0.key == "use" }) {
                if Self.mention(of: module.id, in: block[use].value) == nil {
                    let names = Self.items(block[use].value) + [name]
                    block[use].value = YAMLNode(content: .sequence(names), location: block[use].value.location)
                }
            } else {
                let list = YAMLNode(content: .sequence([name]), location: location)
                block.insert(YAMLPair(key: "use", keyLocation: location, value: list), at: 0)
            }
        }
        if let options, !block.contains(where: { $0.key == module.id }) { block.append(options) }
        let value = YAMLNode(content: .mapping(block), location: location)
        if let index {
            pairs[index].value = value
        } else {
            pairs.append(YAMLPair(key: module.role, keyLocation: location, value: value))
        }
    }

    /// Where `use` names the module; nil where it does not.
    private static func mention(of id: String, in use: YAMLNode) -> SourceLocation? {
        items(use).first { $0.names(id) }?.location
    }

    private static func items(_ use: YAMLNode) -> [YAMLNode] {
        switch use.content {
        case .scalar: [use]
        case .sequence(let items): items
        case .mapping: []
        }
    }

    /// The role's block without the module, and without `use` where that names nothing else.
    private static func without(_ id: String, _ role: YAMLNode) -> YAMLNode {
        var block = (role.pairs ?? []).filter { $0.key != id }
        if let use = block.firstIndex(where: { $0.key == "use" }), mention(of: id, in: block[use].value) != nil {
            let rest = items(block[use].value).filter { !$0.names(id) }
            if rest.isEmpty {
                block.remove(at: use)
            } else {
                let isOne = rest.count == 1
                block[use].value =
                    isOne ? rest[0] : YAMLNode(content: .sequence(rest), location: block[use].value.location)
            }
        }
        return YAMLNode(content: .mapping(block), location: role.location)
    }
}

extension YAMLNode {
    fileprivate func names(_ id: String) -> Bool {
        if case .scalar(let text, _) = content { text == id } else { false }
    }
}

/// A module and all its options, as `modules show` prints them.
public func describe(module: ModuleSpec) -> String {
    var lines = [
        "\(module.id) \(module.version) (\(module.role), \(module.stability.rawValue))",
        "  \(module.summary)",
        "  security: \(module.posture)",
        "",
    ]
    let options = optionLines(module.options, prefix: "")
    lines += options.isEmpty ? ["no options"] : ["options:"] + options
    return lines.map { $0 + "\n" }.joined()
}

/// What a role, a module or an option is, by its path: `liveness`, `liveness.ping-pong`, `liveness.ping-pong.interval`,
/// `node.log.level`; with or without `modules.` in front. Nil if there is no such thing.
public func explain(path: String, catalogue: Catalogue) -> String? {
    var keys = path.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if keys.first == "modules", keys.count > 1 { keys.removeFirst() }
    guard let first = keys.first else { return nil }
    if first == "node" {
        let rest = Array(keys.dropFirst())
        if rest.isEmpty {
            return (["node", "  the node itself", "options:"] + optionLines(catalogue.node, prefix: ""))
                .map { $0 + "\n" }.joined()
        }
        return explain(rest, in: catalogue.node, path: keys.joined(separator: "."))
    }
    guard let role = catalogue.role(first) else { return nil }
    let modules = catalogue.modules(role: first)
    if keys.count == 1 || (keys.count == 2 && keys[1] == "use") { return explain(role, modules) }
    guard let module = modules.first(where: { $0.id == keys[1] }) else { return nil }
    if keys.count == 2 { return describe(module: module) }
    return explain(Array(keys.dropFirst(2)), in: module.options, path: "modules." + keys.joined(separator: "."))
}

private func explain(_ role: RoleSpec, _ modules: [ModuleSpec]) -> String {
    let kind = [role.isList ? "a list of modules, in order" : "one module", role.isRequired ? "required" : "optional"]
    let width = modules.map(\.id.count).max() ?? 0
    let lines =
        ["modules.\(role.name)", "  \(role.summary) (\(kind.joined(separator: ", ")))", "modules:"]
        + modules.map { "  \(rightPadded($0.id, to: width))  \($0.stability.rawValue): \($0.summary)" }
    return lines.map { $0 + "\n" }.joined()
}

private func explain(_ keys: [String], in spec: OptionSpec, path: String) -> String? {
    guard let key = keys.first, let field = spec.field(key) else { return nil }
    if keys.count > 1 {
        var type = field.type
        if case .list(let element, _) = type { type = element }
        switch type {
        case .record(let inner): return explain(Array(keys.dropFirst()), in: inner, path: path)
        case .union(let cases, let common):
            return explain(Array(keys.dropFirst()), in: UnionCase.spec(cases, common: common), path: path)
        default: return nil
        }
    }
    var lines = [path, "  \(field.summary)", "  type: \(field.type.name)\(field.isOptional ? ", or unset" : "")"]
    if let range = field.type.range, !range.isEmpty { lines.append("  range: \(range)") }
    if let text = field.defaultText { lines.append("  default: \(text)") }
    if field.isRequired { lines.append("  required") }
    if field.isAgreed { lines.append("  all nodes of a network must have the same value, or they refuse each other") }
    if let newKey = field.deprecatedBy { lines.append("  deprecated: use '\(newKey)'") }
    if case .record(let inner) = field.type {
        lines += ["  options:"] + optionLines(inner, prefix: "  ")
    } else {
        lines.append("  example: \(field.key): \(field.exampleText)")
    }
    return lines.map { $0 + "\n" }.joined()
}

private func optionLines(_ spec: OptionSpec, prefix: String) -> [String] {
    let fields = spec.fields.filter { $0.deprecatedBy == nil }
    let width = fields.map(\.key.count).max() ?? 0
    var lines: [String] = []
    for field in fields {
        let hint = field.hint
        lines.append("\(prefix)  \(rightPadded(field.key, to: width))  \(hint.dropFirst().dropLast())")
        if case .record(let inner) = field.type { lines += optionLines(inner, prefix: prefix + "    ") }
    }
    return lines
}

/// A new profile with every option of the selected modules: its value, and above it what it is for. The text loads
/// without a problem, as long as required options have examples that hold.
///
/// - Parameter selections: the modules by role; a role that is not named takes its first stable module if it is
///   required, and none otherwise. Names that the catalogue lacks are left out.
public func scaffold(catalogue: Catalogue, selections: [String: [String]]) -> String {
    var writer = ScaffoldWriter()
    writer.line(
        "# A timenode profile. Each option is here with its default: what you do not change, you can delete.", 0)
    writer.line("# 'timenode config check' tells what is wrong with it, 'timenode config print' what it amounts to.", 0)
    writer.line("node:", 0)
    writer.options(catalogue.node, level: 1, prefersExamples: true)
    writer.line("", 0)
    writer.line("modules:", 0)
    for role in catalogue.roles {
        let modules = catalogue.modules(role: role.name)
        var chosen = (selections[role.name] ?? []).compactMap { id in modules.first { $0.id == id } }
        if !role.isList { chosen = Array(chosen.prefix(1)) }
        if chosen.isEmpty, role.isRequired,
            let first = modules.first(where: { $0.stability == .stable }) ?? modules.first
        {
            chosen = [first]
        }
        writer.role(role, modules: modules, chosen: chosen)
    }
    return writer.text
}

private struct ScaffoldWriter {
    private(set) var text = ""

    mutating func line(_ content: String, _ level: Int) {
        text += content.isEmpty ? "\n" : String(repeating: "  ", count: level) + content + "\n"
    }

    mutating func role(_ role: RoleSpec, modules: [ModuleSpec], chosen: [ModuleSpec]) {
        line("# \(role.name): \(role.summary)\(role.isList ? " (a list, in this order)" : "")", 1)
        for module in modules {
            line("#   \(module.id) (\(module.stability.rawValue)): \(module.summary)", 1)
        }
        let names = chosen.map { ValueText.string($0.id) }.joined(separator: ", ")
        if chosen.isEmpty {
            line("# \(role.name): {use: \(role.isList ? "[…]" : "…")}", 1)
        } else {
            line("\(role.name):", 1)
            line("use: \(role.isList ? "[\(names)]" : names)", 2)
        }
        for module in chosen where !module.options.fields.isEmpty {
            line("\(module.id):", 2)
            options(module.options, level: 3)
        }
        line("", 0)
    }

    mutating func options(_ spec: OptionSpec, level: Int, prefersExamples: Bool = false) {
        for field in spec.fields where field.deprecatedBy == nil {
            line("# \(field.summary) \(detail(field))", level)
            if case .record(let inner) = field.type, !field.isOptional {
                line("\(field.key):", level)
                options(inner, level: level + 1)
            } else {
                let value = prefersExamples ? field.example : nil
                let defaultText = field.isSecret ? (field.isOptional ? "unset" : nil) : field.defaultText
                line("\(field.key): \(value ?? defaultText ?? field.exampleText)", level)
            }
        }
    }

    private func detail(_ field: OptionField) -> String {
        var parts = [field.type.name]
        if let range = field.type.range, !range.isEmpty { parts.append(range) }
        if field.isRequired { parts.append("required") }
        if field.isOptional { parts.append(field.default == nil ? "optional" : "or unset") }
        return "(\(parts.joined(separator: ", ")))"
    }
}

extension EffectiveProfile {
    /// What the profile makes a node do, one value a line, sorted: the text over which a digest is computed.
    ///
    /// Only selected modules and the node's own keys are in it. Paths are left out (where a file lies does not change
    /// what a node does), secrets too, and so is where a value came from.
    public func canonicalText() -> String {
        var lines = canonicalLines(node, prefix: "node")
        for role in catalogue.roles {
            for (index, selection) in selections(role: role.name).enumerated() {
                let prefix = "modules.\(role.name)[\(index)]"
                lines.append("\(prefix)=\(selection.id)")
                lines += canonicalLines(selection.options, prefix: prefix)
            }
        }
        return lines.sorted().map { $0 + "\n" }.joined()
    }

    private func canonicalLines(_ options: Options, prefix: String) -> [String] {
        var lines = options.variant.map { ["\(prefix)=\($0)"] } ?? []
        for (field, value, _) in options.printed() where !field.isSecret {
            lines += canonicalLines(value, type: field.type, prefix: "\(prefix).\(field.key)")
        }
        return lines
    }

    private func canonicalLines(_ value: OptionValue, type: OptionType, prefix: String) -> [String] {
        switch (type, value) {
        case (.path, _), (.list(of: .path, _), _): return []
        case (_, .record(let options)): return canonicalLines(options, prefix: prefix)
        case (.list(.record, _), .list(let items)), (.list(.union, _), .list(let items)),
            (.list(.list, _), .list(let items)):
            guard case .list(let element, _) = type else { return [] }
            return ["\(prefix)=\(items.count) items"]
                + items.enumerated().flatMap { canonicalLines($1, type: element, prefix: "\(prefix)[\($0)]") }
        default: return ["\(prefix)=\(ValueText.flow(value, type: type))"]
        }
    }

    /// The profile as one file that says everything, as `config print` shows it. What is printed without redaction loads
    /// again as the same profile (its paths as they resolve from the current folder).
    ///
    /// - Parameters:
    ///   - showProvenance: adds to each line where its value came from.
    ///   - secretsRedacted: prints `<redacted>` for secrets that have a value.
    public func render(showProvenance: Bool = true, secretsRedacted: Bool = true) -> String {
        var writer = BlockWriter(showProvenance: showProvenance, secretsRedacted: secretsRedacted)
        writer.line("node:", level: 0)
        writer.options(node, level: 1)
        writer.line("modules:", level: 0)
        for role in catalogue.roles {
            let selected = selections(role: role.name)
            let unused = inactive.filter { $0.role == role.name }
            if selected.isEmpty, unused.isEmpty, !role.isRequired { continue }
            writer.line("\(role.name):", level: 1)
            let ids = selected.map { ValueText.string($0.id) }
            let use = role.isList ? "[\(ids.joined(separator: ", "))]" : (ids.first ?? "")
            let place = selected.first?.location.map { provenance($0).inWords }
            writer.line("use: \(use)", level: 2, comment: place)
            for selection in selected + unused {
                let isUnused = !selected.contains { $0.id == selection.id }
                if selection.options.printed().isEmpty, !isUnused { continue }
                let comment = "inactive: not selected by 'use'"
                writer.line("\(selection.id):", level: 2, comment: isUnused ? comment : nil, always: true)
                writer.options(selection.options, level: 3)
            }
        }
        return writer.text
    }
}

/// Writes options as blocks, with comments in a column of their own.
private struct BlockWriter {
    let showProvenance: Bool
    let secretsRedacted: Bool
    private(set) var text = ""

    init(showProvenance: Bool, secretsRedacted: Bool) {
        self.showProvenance = showProvenance
        self.secretsRedacted = secretsRedacted
    }

    mutating func line(_ content: String, level: Int, comment: String? = nil, always: Bool = false) {
        let indented = String(repeating: "  ", count: level) + content
        guard let comment, showProvenance || always else {
            text += indented + "\n"
            return
        }
        text += "\(rightPadded(indented, to: 46))  # \(comment)\n"
    }

    mutating func options(_ options: Options, level: Int) {
        for (field, value, provenance) in options.printed() {
            switch value {
            case .none: line("\(field.key): unset", level: level, comment: provenance.inWords)
            case _ where field.isSecret && secretsRedacted:
                line("\(field.key): <redacted>", level: level, comment: provenance.inWords)
            case .record(let inner) where !inner.printed().isEmpty:
                line("\(field.key):", level: level)
                self.options(inner, level: level + 1)
            case .list(let items) where items.contains(where: \.isRecord):
                guard case .list(let element, _) = field.type else { continue }
                line("\(field.key):", level: level, comment: provenance.inWords)
                for item in items {
                    line("- \(flow(item, type: element))", level: level + 1)
                }
            default:
                line("\(field.key): \(flow(value, type: field.type))", level: level, comment: provenance.inWords)
            }
        }
    }

    private func flow(_ value: OptionValue, type: OptionType) -> String {
        ValueText.flow(secretsRedacted ? value.redacted : value, type: type)
    }
}

extension OptionValue {
    fileprivate var isRecord: Bool {
        if case .record = self { true } else { false }
    }

    /// The value with the secrets inside it hidden.
    var redacted: OptionValue {
        switch self {
        case .list(let items): return .list(items.map(\.redacted))
        case .record(var options):
            for (index, field) in options.spec.fields.enumerated() {
                let value = options.entries[index].value
                let isHidden = field.isSecret && value != .none
                options.entries[index].value = isHidden ? .string("<redacted>") : value.redacted
            }
            return .record(options)
        default: return self
        }
    }
}

/// The JSON Schema (draft 2020-12) of a profile, for editors: completion, descriptions, defaults and ranges.
///
/// It is looser than the loader where YAML and JSON Schema differ, never stricter: a file that the loader takes is valid.
/// Nothing is required at the top levels, because a file may extend another one that says it.
public func jsonSchema(for catalogue: Catalogue) -> String {
    let schema = SchemaWriter()
    let roles = catalogue.roles.map { role in
        JSONMember(role.name, schema.role(role, catalogue.modules(role: role.name)))
    }
    let path = JSONValue.object([JSONMember("type", .string("string"))])
    let paths = JSONValue.object([JSONMember("type", .string("array")), JSONMember("items", path)])
    let extends = JSONValue.object([
        JSONMember("description", .string("the profiles below this one; relative to this file")),
        JSONMember("anyOf", .array([path, paths])),
    ])
    let root = JSONValue.object([
        JSONMember("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
        JSONMember("title", .string("timenode profile")),
        JSONMember("type", .string("object")),
        JSONMember(
            "properties",
            .object([
                JSONMember("extends", extends),
                JSONMember("node", schema.options(catalogue.node, isComplete: false)),
                JSONMember("modules", schema.object(roles, description: "a module for each role")),
            ])
        ),
        JSONMember("additionalProperties", .boolean(false)),
        JSONMember("$defs", .object([JSONMember("environmentReference", SchemaWriter.environmentReference)])),
    ])
    return root.render(indented: true) + "\n"
}

private struct SchemaWriter {
    static let environmentReference = JSONValue.object([
        JSONMember("description", .string("a reference to the environment: ${env:NAME} or ${env:NAME:default}")),
        JSONMember("type", .string("string")),
        JSONMember("pattern", .string("\\$\\{env:[A-Za-z_][A-Za-z0-9_]*(:[^}]*)?\\}")),
    ])

    func object(_ properties: [JSONMember], description: String? = nil, required: [String] = []) -> JSONValue {
        var members: [JSONMember] = []
        if let description { members.append(JSONMember("description", .string(description))) }
        // A key with nothing behind it is an empty block.
        members.append(JSONMember("type", .array([.string("object"), .string("null")])))
        members.append(JSONMember("properties", .object(properties)))
        if !required.isEmpty { members.append(JSONMember("required", .array(required.map { .string($0) }))) }
        members.append(JSONMember("additionalProperties", .boolean(false)))
        return .object(members)
    }

    func role(_ role: RoleSpec, _ modules: [ModuleSpec]) -> JSONValue {
        let name = JSONValue.object([
            JSONMember(
                "anyOf",
                .array(
                    modules.map {
                        .object([
                            JSONMember("const", .string($0.id)),
                            JSONMember("description", .string("\($0.stability.rawValue): \($0.summary)")),
                        ])
                    } + [reference]
                )
            )
        ])
        let list = JSONValue.object([JSONMember("type", .string("array")), JSONMember("items", name)])
        let use = role.isList ? JSONValue.object([JSONMember("anyOf", .array([name, list]))]) : name
        let blocks = modules.map { module in
            JSONMember(module.id, options(module.options, isComplete: false, description: module.summary))
        }
        return object([JSONMember("use", use)] + blocks, description: role.summary)
    }

    func options(_ spec: OptionSpec, isComplete: Bool, description: String? = nil) -> JSONValue {
        let required = isComplete ? spec.fields.filter(\.isRequired).map(\.key) : []
        return object(spec.fields.map { JSONMember($0.key, field($0)) }, description: description, required: required)
    }

    private func field(_ field: OptionField) -> JSONValue {
        var members = [JSONMember("description", .string("\(field.summary) \(detail(field))"))]
        var choices = [type(field.type)]
        if !isText(field.type) { choices.append(reference) }
        if field.isOptional { choices.append(.object([JSONMember("const", .string("unset"))])) }
        if choices.count == 1, case .object(let inner) = choices[0] {
            members += inner
        } else {
            members.append(JSONMember("anyOf", .array(choices)))
        }
        if let value = field.default, !field.isSecret, let json = json(value, type: field.type) {
            members.append(JSONMember("default", json))
        }
        if field.deprecatedBy != nil { members.append(JSONMember("deprecated", .boolean(true))) }
        return .object(members)
    }

    private func detail(_ field: OptionField) -> String {
        if let key = field.deprecatedBy { return "(deprecated: use \(key))" }
        return "("
            + [field.type.name, field.type.range].compactMap { $0?.isEmpty == false ? $0 : nil }.joined(separator: ", ")
            + ")"
    }

    private var reference: JSONValue {
        .object([JSONMember("$ref", .string("#/$defs/environmentReference"))])
    }

    /// Whether the schema of the type takes any text, references included.
    private func isText(_ type: OptionType) -> Bool {
        switch type {
        case .string, .path, .list, .record, .union: true
        default: false
        }
    }

    private func type(_ type: OptionType) -> JSONValue {
        let pattern = { (text: String) in
            JSONValue.object([JSONMember("type", .string("string")), JSONMember("pattern", .string(text))])
        }
        switch type {
        case .boolean: return .object([JSONMember("type", .string("boolean"))])
        case .integer(let range):
            var members = [JSONMember("type", .string("integer"))]
            if range.lowerBound > .min { members.append(JSONMember("minimum", .integer(range.lowerBound))) }
            if range.upperBound < .max { members.append(JSONMember("maximum", .integer(range.upperBound))) }
            return .object(members)
        case .ratio(let range):
            var members = [JSONMember("type", .string("number"))]
            if range.lowerBound.isFinite { members.append(JSONMember("minimum", .number(range.lowerBound))) }
            if range.upperBound.isFinite { members.append(JSONMember("maximum", .number(range.upperBound))) }
            return .object(members)
        case .duration: return pattern(DurationText.pattern)
        case .bytes: return pattern(ByteSizeText.pattern)
        case .choice(let names): return .object([JSONMember("enum", .array(names.map { .string($0) }))])
        // A plain 123 is text to the loader and a number to an editor.
        case .string:
            return .object([JSONMember("type", .array([.string("string"), .string("number"), .string("boolean")]))])
        case .path: return .object([JSONMember("type", .string("string"))])
        case .endpoint: return pattern("^([0-9.]+|\\[[0-9A-Fa-f:.]+\\]):[0-9]{1,5}$")
        case .ipAddress: return pattern("^[0-9A-Fa-f:.]+$")
        case .identity: return pattern("^[0-9A-Fa-f]{64}$")
        case .timestamp: return pattern(TimestampText.pattern)
        case .list(let element, let count):
            var members = [JSONMember("type", .string("array")), JSONMember("items", item(element))]
            if count.lowerBound > 0 { members.append(JSONMember("minItems", .integer(count.lowerBound))) }
            if count.upperBound < .max { members.append(JSONMember("maxItems", .integer(count.upperBound))) }
            return .object(members)
        case .record(let spec): return options(spec, isComplete: false)
        case .union(let cases, let common): return union(cases, common)
        }
    }

    private func item(_ element: OptionType) -> JSONValue {
        if case .record(let spec) = element { return options(spec, isComplete: true) }
        return isText(element) ? type(element) : .object([JSONMember("anyOf", .array([type(element), reference]))])
    }

    private func union(_ cases: [UnionCase], _ common: OptionSpec) -> JSONValue {
        let spec = UnionCase.spec(cases, common: common)
        guard case .object(var members) = options(spec, isComplete: true) else { return .null }
        let kinds = cases.map { JSONValue.object([JSONMember("required", .array([.string($0.key)]))]) }
        members.append(JSONMember("oneOf", .array(kinds)))
        return .object(members)
    }

    private func json(_ value: OptionValue, type: OptionType) -> JSONValue? {
        switch value {
        case .boolean(let value): return .boolean(value)
        case .integer(let number):
            if case .timestamp = type { return .string(ValueText.flow(value, type: type)) }
            return .integer(number)
        case .ratio(let value): return .number(value)
        case .duration, .bytes: return .string(ValueText.flow(value, type: type))
        case .string(let value): return .string(value)
        case .list(let items):
            guard case .list(let element, _) = type else { return nil }
            return .array(items.compactMap { json($0, type: element) })
        case .record, .none: return nil
        }
    }
}

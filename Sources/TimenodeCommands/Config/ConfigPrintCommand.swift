import ArgumentParser
import Profile

/// `config print`.
struct ConfigPrintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print",
        abstract: "Print a profile's effective values: files laid over each other, defaults, overrides.",
        discussion: "Secrets are redacted."
    )

    @Argument(help: "The profile.", transform: PathText.expanded)
    var profile: String = "node.yaml"

    @Flag(help: "Show where each value comes from.")
    var showOrigin = false

    @OptionGroup var overriding: OverrideOption
    @OptionGroup var output: FormatOption

    func run() throws {
        let console = CommandScope.current.console
        let profile = try ProfileSource.load(profile, overrides: overriding.overrides)
        switch output.format {
        case .text: console.print(profile.render(showProvenance: showOrigin, secretsRedacted: true))
        case .json: console.print(ProfileJSON(showsOrigin: showOrigin).object(profile))
        }
    }
}

/// An effective profile as JSON: `{"name","path","node":{…},"modules":{ROLE:[{"use":ID,"options":{…}}]}}`.
///
/// With origins, each value is `{"value":…,"origin":"node.yaml:14"}`.
struct ProfileJSON {
    let showsOrigin: Bool

    func object(_ profile: EffectiveProfile) -> JSONValue {
        let roles = profile.catalogue.roles.compactMap { role -> JSONMember? in
            let selections = profile.selections(role: role.name)
            if selections.isEmpty { return nil }
            return JSONMember(
                role.name,
                .array(
                    selections.map {
                        .object([JSONMember("use", .string($0.id)), JSONMember("options", object($0.options))])
                    }
                )
            )
        }
        return .object([
            JSONMember("name", .string(profile.name)), JSONMember("path", .string(profile.path)),
            JSONMember("node", object(profile.node)), JSONMember("modules", .object(roles)),
        ])
    }

    private func object(_ options: Options) -> JSONValue {
        let fields = options.spec.fields.filter { field in
            // A union states one of its kinds, a deprecated key gave its value to another.
            field.deprecatedBy == nil && !(options.variant != nil && options.value(field.key) == .none)
        }
        return .object(
            fields.map { field in
                let value: JSONValue =
                    field.isSecret && options.value(field.key) != .none
                    ? .string("<redacted>") : json(options.value(field.key))
                guard showsOrigin else { return JSONMember(field.key, value) }
                let origin = options.provenance(of: field.key).inWords
                return JSONMember(
                    field.key, .object([JSONMember("value", value), JSONMember("origin", .string(origin))])
                )
            }
        )
    }

    private func json(_ value: OptionValue) -> JSONValue {
        switch value {
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .ratio(let value): .number(value)
        case .duration(let value): .string(DurationText.format(value))
        case .bytes(let value): .string(ByteSizeText.format(value))
        case .string(let value): .string(value)
        case .list(let items): .array(items.map(json))
        case .record(let options): object(options)
        case .none: .null
        }
    }
}

import ArgumentParser
import Kernel
import Profile

/// `modules`: what this program is made of.
struct ModulesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "modules", abstract: "List and describe the modules of this program.",
        subcommands: [ModulesListCommand.self, ModulesShowCommand.self]
    )
}

/// `modules list`.
struct ModulesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the modules, by role.")

    @Option(help: "Only this role.")
    var role: String?

    @OptionGroup var output: FormatOption

    func run() throws {
        let scope = CommandScope.current
        let catalogue = scope.registry.catalogue
        if let role, catalogue.role(role) == nil {
            let roles = catalogue.roles.map(\.name).joined(separator: ", ")
            throw CommandFailure(.usage, "there is no role '\(role)'", help: "Roles: \(roles).")
        }
        let modules = catalogue.roles.filter { role == nil || $0.name == role }
            .flatMap { catalogue.modules(role: $0.name) }
        switch output.format {
        case .text:
            var table = TextTable(["ROLE", "MODULE", "VERSION", "STABILITY", "WHAT IT DOES"])
            for module in modules {
                table.add([module.role, module.id, module.version, module.stability.rawValue, module.summary])
            }
            scope.console.print(table.text)
        case .json:
            let items = modules.map { ModuleJSON.object($0, withOptions: false) }
            scope.console.print(.object([JSONMember("modules", .array(items))]))
        }
    }
}

/// `modules show`.
struct ModulesShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Describe one module and its options."
    )

    @Argument(
        help: ArgumentHelp(
            "The module: ping-pong, liveness.ping-pong or liveness ping-pong; with its role where two have one name.",
            valueName: "role id"
        )
    )
    var names: [String]

    @OptionGroup var output: FormatOption

    func validate() throws {
        if names.count > 2 { throw ValidationError("Name one module: 'modules show ping-pong'.") }
    }

    func run() throws {
        let scope = CommandScope.current
        let module = try Self.find(names, in: scope.registry)
        switch output.format {
        case .text: scope.console.print(describe(module: module))
        case .json: scope.console.print(ModuleJSON.object(module, withOptions: true))
        }
    }

    private static func find(_ names: [String], in registry: Registry) throws -> ModuleSpec {
        let names = names.count == 1 ? names[0].split(separator: ".", maxSplits: 1).map { String($0) } : names
        let id = names.last ?? ""
        let role = names.count == 2 ? names.first : nil
        if let role, registry.catalogue.role(role) == nil {
            let roles = registry.catalogue.roles.map(\.name)
            throw CommandFailure(
                .usage, "there is no role '\(role)'",
                help: hint(role, roles, "Roles: \(roles.joined(separator: ", ")).")
            )
        }
        let found = registry.modules.map(\.spec).filter { $0.id == id && (role == nil || $0.role == role) }
        if let module = found.first, found.count == 1 { return module }
        if found.isEmpty {
            throw CommandFailure(
                .usage, "there is no module '\(names.joined(separator: "."))'",
                help: hint(
                    id, registry.modules.map(\.spec).filter { role == nil || $0.role == role }.map(\.id),
                    "'timenode modules list' names them."
                )
            )
        }
        let roles = found.map { "timenode modules show \($0.role).\(id)" }.joined(separator: "' or '")
        throw CommandFailure(.usage, "several roles have a module '\(id)'", help: "Write '\(roles)'.")
    }

    private static func hint(_ word: String, _ known: [String], _ rest: String) -> String {
        (Spelling.closest(to: word, among: known).map { "Did you mean '\($0)'?\n" } ?? "") + rest
    }
}

/// A module as JSON.
enum ModuleJSON {
    static func object(_ module: ModuleSpec, withOptions: Bool) -> JSONValue {
        var members = [
            JSONMember("role", .string(module.role)), JSONMember("id", .string(module.id)),
            JSONMember("version", .string(module.version)),
            JSONMember("stability", .string(module.stability.rawValue)),
            JSONMember("summary", .string(module.summary)), JSONMember("posture", .string(module.posture)),
        ]
        if withOptions { members.append(JSONMember("options", .array(module.options.fields.map(option)))) }
        return .object(members)
    }

    private static func option(_ field: OptionField) -> JSONValue {
        var members = [
            JSONMember("key", .string(field.key)), JSONMember("type", .string(field.type.name)),
            JSONMember("required", .boolean(field.isRequired)),
        ]
        if let text = field.defaultText { members.append(JSONMember("default", .string(text))) }
        if let successor = field.deprecatedBy { members.append(JSONMember("deprecated_by", .string(successor))) }
        if field.isAgreed { members.append(JSONMember("agreed", .boolean(true))) }
        members.append(JSONMember("summary", .string(field.summary)))
        return .object(members)
    }
}

import ArgumentParser
import Profile

/// `config`: everything about profiles that does not start a node.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Check, print, explain and make profiles.",
        subcommands: [
            ConfigCheckCommand.self, ConfigPrintCommand.self, ConfigExplainCommand.self, ConfigNewCommand.self,
            ConfigSchemaCommand.self,
        ]
    )
}

/// `config explain`.
struct ConfigExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say what a role, a module or an option is."
    )

    @Argument(help: "For example liveness, links.single-link or links.single-link.handshake.")
    var path: String

    func run() throws {
        let scope = CommandScope.current
        let catalogue = scope.registry.catalogue
        guard let text = explain(path: path, catalogue: catalogue) else {
            let roles = catalogue.roles.map(\.name).joined(separator: ", ")
            throw CommandFailure(
                .usage, "there is nothing called '\(path)'",
                help: "Write ROLE, ROLE.MODULE or ROLE.MODULE.OPTION; roles: node, \(roles)."
            )
        }
        scope.console.print(text)
    }
}

/// `config schema`.
struct ConfigSchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Print the JSON Schema of profiles, for editors."
    )

    func run() throws {
        let scope = CommandScope.current
        scope.console.print(jsonSchema(for: scope.registry.catalogue))
    }
}

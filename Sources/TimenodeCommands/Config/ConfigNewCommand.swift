import ArgumentParser
import Kernel
import Profile

/// `config new`.
struct ConfigNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Print a new profile with every option of its modules, explained.",
        discussion: """
            For example:
              timenode config new > node.yaml
              timenode config new liveness=layered discovery=masternode-priority,peer-fill
            """
    )

    @Argument(help: ArgumentHelp("Modules that differ from the standard ones.", valueName: "role=module"))
    var selections: [String] = []

    func run() throws {
        let scope = CommandScope.current
        let catalogue = scope.registry.catalogue
        var chosen = StandardProfile.selections(in: catalogue)
        for text in selections {
            let (role, modules) = try Self.parse(text, catalogue)
            chosen[role] = modules
        }
        scope.console.print(scaffold(catalogue: catalogue, selections: chosen))
    }

    /// `discovery=masternode-priority,peer-fill`.
    private static func parse(_ text: String, _ catalogue: Catalogue) throws -> (String, [String]) {
        let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let role = catalogue.role(parts[0]) else {
            let roles = catalogue.roles.map(\.name).joined(separator: ", ")
            throw CommandFailure(.usage, "'\(text)' names no role", help: "Write ROLE=MODULE; roles: \(roles).")
        }
        let ids = parts[1].split(separator: ",").map(String.init)
        for id in ids where catalogue.module(role: role.name, id: id) == nil {
            let known = catalogue.modules(role: role.name).map(\.id).joined(separator: ", ")
            throw CommandFailure(
                .usage, "the role '\(role.name)' has no module '\(id)'", help: "Modules of '\(role.name)': \(known)."
            )
        }
        guard role.isList || ids.count == 1 else {
            throw CommandFailure(.usage, "the role '\(role.name)' takes one module", help: "Choose one of them.")
        }
        return (role.name, ids)
    }
}

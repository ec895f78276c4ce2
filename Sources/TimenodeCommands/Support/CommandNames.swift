import ArgumentParser
import Profile

/// Names of commands, as they are written.
enum CommandNames {
    /// Looks at the names before the parser does, which calls an unknown one an unexpected argument.
    ///
    /// - Throws: a failure with exit status 64 that names the command that was probably meant.
    static func check(_ arguments: [String], of root: any ParsableCommand.Type) throws(CommandFailure) {
        var command = root
        var path = [name(of: root)]
        // `help` takes the names that follow it.
        let names = arguments.first == "help" ? arguments.dropFirst() : arguments[...]
        for argument in names {
            let commands = command.configuration.subcommands
            guard !commands.isEmpty, !argument.hasPrefix("-") else { return }
            if argument == "help" { return }
            if let next = commands.first(where: { name(of: $0) == argument }) {
                command = next
                path.append(argument)
                continue
            }
            let known = commands.map(name)
            let near = Spelling.closest(to: argument, among: known).map { "Did you mean '\($0)'?\n" } ?? ""
            throw CommandFailure(
                .usage, "'\(path.joined(separator: " "))' has no command '\(argument)'",
                help: near + "Commands: \(known.joined(separator: ", "))."
            )
        }
    }

    /// As the parser derives it where a command does not say.
    private static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }
}

import ArgumentParser
import Profile
import Wire

/// `keys`: the identity of a node.
struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Make and show identity keys (Ed25519).",
        subcommands: [KeysNewCommand.self, KeysShowCommand.self]
    )
}

/// `keys new`.
struct KeysNewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a key and print its identity, the public half."
    )

    @Argument(help: "The file to make; one that exists is left as it is.", transform: PathText.expanded)
    var file: String

    @OptionGroup var output: FormatOption

    func run() throws {
        let key = try IdentityKeyFile.create(at: file)
        KeyReport.print(key.identity, file: file, output.format)
    }
}

/// `keys show`.
struct KeysShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print the identity of a key; never the key itself."
    )

    @Argument(help: "The key's file, such as data/identity.key.", transform: PathText.expanded)
    var file: String

    @OptionGroup var output: FormatOption

    func run() throws {
        let key = try IdentityKeyFile.load(from: file)
        if let warning = IdentityKeyFile.exposure(of: file) {
            CommandScope.current.console.error("warning: \(warning)")
        }
        KeyReport.print(key.identity, file: file, output.format)
    }
}

private enum KeyReport {
    static func print(_ identity: Identity, file: String, _ format: OutputFormat) {
        let console = CommandScope.current.console
        switch format {
        case .text: console.print(identity.hex)
        case .json:
            console.print(
                .object([JSONMember("file", .string(file)), JSONMember("identity", .string(identity.hex))])
            )
        }
    }
}

import ArgumentParser

/// `testnet`: a whole network on one machine.
struct TestnetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "testnet", abstract: "Make and run a network of nodes on this machine.",
        subcommands: [TestnetInitCommand.self, TestnetUpCommand.self]
    )
}

import ArgumentParser
import Foundation
import Kernel
import Profile
import Wire

/// `testnet init`.
struct TestnetInitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Write the keys, the network file and the profiles of a testnet.",
        discussion: """
            Each node gets a loopback address of its own (127.x.y.n, with x.y drawn from the directory's path), so that \
            all use the same ports and look like hosts to one another. 'testnet up' then runs them.
            """
    )

    @Argument(help: "The directory to write; it must be empty or not exist.", transform: PathText.expanded)
    var directory: String

    @Option(help: "How many nodes, all of them masternodes (1 to \(TestnetAddresses.maximumNodes)).")
    var nodes: Int = 6

    @Option(
        help: "The profile that every node extends; the standard one where none is given.", transform: PathText.expanded
    )
    var profile: String?

    @Option(help: ArgumentHelp("The time between two blocks, such as 500ms or 10s.", valueName: "duration"))
    var slotInterval: String = "2s"

    @Option(
        help: ArgumentHelp("Fewer active masternodes make no blocks; half of them where not given.", valueName: "n"))
    var minimum: Int?

    @Option(help: "The port that nodes listen on for peers.")
    var port: UInt16 = 24_100

    @Option(help: "The port that nodes listen on for RPC.")
    var rpcPort: UInt16 = 8_332

    @Flag(help: "Replace the testnet that is in the directory, keys and chains included.")
    var force = false

    @OptionGroup var output: FormatOption

    func validate() throws {
        guard (1...TestnetAddresses.maximumNodes).contains(nodes) else {
            throw ValidationError("--nodes is from 1 to \(TestnetAddresses.maximumNodes).")
        }
        if let minimum, !(1...nodes).contains(minimum) {
            throw ValidationError("--minimum is from 1 to the number of nodes, \(nodes).")
        }
        guard let interval = DurationText.parse(slotInterval), interval >= .milliseconds(100),
            interval <= .seconds(86_400)
        else { throw ValidationError("--slot-interval is a duration from 100ms to 1d, such as 2s.") }
        guard port > 0, rpcPort > 0, port != rpcPort else {
            throw ValidationError("--port and --rpc-port are two different ports above 0.")
        }
    }

    func run() throws {
        let console = CommandScope.current.console
        try prepareDirectory()
        let writer = TestnetWriter(
            layout: TestnetLayout(directory: directory), nodes: nodes, port: port, rpcPort: rpcPort,
            slotInterval: DurationText.parse(slotInterval) ?? .seconds(2), minimum: minimum ?? max(1, nodes / 2)
        )
        let network = try writer.write(extending: profile)
        switch output.format {
        case .text:
            console.print("\(nodes) nodes of the network '\(network.name)' in \(directory):")
            for node in network.masternodes {
                console.print("  \(node.name)  \(node.endpoint ?? "")  \(node.identity)")
            }
            console.print("Run them: timenode testnet up \(Shell.quoted(directory))")
        case .json:
            let nodes = network.masternodes.map { node in
                JSONValue.object([
                    JSONMember("name", .string(node.name)), JSONMember("address", .string(node.endpoint ?? "")),
                    JSONMember(
                        "rpc", .string("http://\(AddressText.format(host: node.host ?? "", port: Int(rpcPort)))")),
                    JSONMember("identity", .string(node.identity)),
                ])
            }
            console.print(
                .object([
                    JSONMember("network", .string(network.name)), JSONMember("directory", .string(directory)),
                    JSONMember("nodes", .array(nodes)),
                ])
            )
        }
    }

    /// The directory, empty but for files that are not a testnet's.
    private func prepareDirectory() throws(CommandFailure) {
        let names = Files.names(in: directory) ?? []
        let layout = TestnetLayout(directory: directory)
        if let profile, names.contains(where: { TestnetLayout.isOurs($0) && layout.holds(profile, in: $0) }) {
            throw CommandFailure(
                .usage, "--profile \(profile) belongs to the testnet in \(directory), which this would replace",
                help: "Copy it to another folder first."
            )
        }
        if !names.isEmpty {
            guard force else {
                throw CommandFailure(
                    .failed, "\(directory) is not empty",
                    help: "Choose another directory, or replace the testnet in it with --force."
                )
            }
            guard names.contains("network.yaml") else {
                throw CommandFailure(
                    .failed, "\(directory) holds other things than a testnet: --force does not touch it",
                    help: "Choose another directory."
                )
            }
            // Held until the process ends: nobody brings up what is being replaced.
            _ = try TestnetLock.acquire(in: directory)
            for name in names where TestnetLayout.isOurs(name) { try Files.remove(Files.join(directory, name)) }
        }
        try Files.makeDirectory(directory)
    }
}

import ArgumentParser
import Foundation
import Kernel
import Logging
import Profile
import RPC
import ServiceLifecycle
import Wire

/// `testnet up`.
struct TestnetUpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up", abstract: "Run the nodes of a testnet, each as a process of its own, until Ctrl-C.",
        discussion: """
            Logs go to DIR/nodeN.log. A node that ends is not restarted. Exit status 1 where one did. The nodes also end \
            when the program that reads the output ends: 'testnet up DIR | head -20' shows the start.
            """
    )

    @Argument(help: "The directory that 'testnet init' wrote.", transform: PathText.expanded)
    var directory: String

    @Option(name: .customLong("for"), help: ArgumentHelp("End by itself after this long.", valueName: "duration"))
    var duration: String?

    func validate() throws {
        if let duration, DurationText.parse(duration) == nil {
            throw ValidationError("--for is a duration such as 30s or 5m.")
        }
    }

    func run() async throws {
        let console = CommandScope.current.console
        let layout = TestnetLayout(directory: directory)
        guard !layout.nodes.isEmpty else {
            throw CommandFailure(
                .usage, "there is no testnet in \(directory)",
                help: "Make one: timenode testnet init \(Shell.quoted(directory))"
            )
        }
        let lock = try TestnetLock.acquire(in: directory)
        defer { close(lock) }
        let program = try Self.program()
        var plans: [(number: Int, rpc: RPCAddress)] = []
        for number in layout.nodes { plans.append((number, try rpc(of: number, layout))) }
        var nodes: [ChildNode] = []
        do {
            for (number, rpc) in plans {
                nodes.append(
                    try ChildNode(
                        number: number, program: program, profile: layout.profile(number), rpc: rpc,
                        logFile: layout.log(number)
                    )
                )
            }
        } catch {
            await ChildNode.stop(nodes)
            throw error
        }
        console.print("\(nodes.count) nodes started; logs in \(Files.join(directory, "nodeN.log")); Ctrl-C stops them")
        let service = TestnetService(nodes: nodes, console: console, duration: duration.flatMap(DurationText.parse))
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [
                    ServiceGroupConfiguration.ServiceConfiguration(
                        service: service, successTerminationBehavior: .gracefullyShutdownGroup
                    )
                ],
                gracefulShutdownSignals: [.sigint, .sigterm],
                logger: Logger(label: "timenode") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        try await group.run()
        if service.hasLosses { throw CommandFailure.silent(.failed) }
    }

    /// Where the node's profile lets it be asked.
    private func rpc(of number: Int, _ layout: TestnetLayout) throws -> RPCAddress {
        let registry = CommandScope.current.registry
        let profile = try ProfileSource.load(layout.profile(number), overrides: [])
        let server = try registry.servers(for: profile).first { $0.module == HTTPServer.id }
        guard let listen = server?.listen else {
            throw CommandFailure(
                .usage, "\(layout.profile(number)) has no rpc 'http', so its node cannot be watched",
                help: "Add 'rpc: {use: [http]}'."
            )
        }
        return RPCAddress(listen)
    }

    /// The file of this very program.
    private static func program() throws -> String {
        if let path = Bundle.main.executablePath { return path }
        throw CommandFailure(.failed, "cannot find the file of this program to start nodes with")
    }
}

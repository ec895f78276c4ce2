import Kernel
import Profile

/// Loads the network file that a profile names.
enum NetworkSource {
    /// The network, or a failure that says how to get one.
    static func load(for profile: EffectiveProfile) throws(CommandFailure) -> NetworkView {
        let scope = CommandScope.current
        guard let file = profile.networkFile else {
            throw missing("\(profile.path) names no network file ('node: {network_file: ./network.yaml}')")
        }
        guard Files.exists(file) else { throw missing("the network file \(file) does not exist") }
        let outcome = NetworkDescription.load(path: file, environment: scope.environment)
        scope.console.error(outcome.renderedDiagnostics())
        guard let description = outcome.value else { throw .silent(.usage) }
        let network: NetworkView
        do {
            network = try NetworkView(description)
        } catch {
            throw CommandFailure(.usage, "\(file): \(error)", cause: error)
        }
        let misfits = LoadOutcome(value: network, diagnostics: scope.registry.misfits(of: profile, in: network))
        scope.console.error(misfits.renderedDiagnostics())
        guard misfits.errorCount == 0 else { throw .silent(.usage) }
        return network
    }

    private static func missing(_ message: String) -> CommandFailure {
        CommandFailure(
            .usage, message,
            help: """
                A node has to know who takes part. Get the file from your network's operators, or try six nodes on this machine:
                    timenode testnet init ./testnet
                    timenode testnet up ./testnet
                """
        )
    }
}

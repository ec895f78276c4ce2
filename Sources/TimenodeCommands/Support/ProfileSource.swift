import ArgumentParser
import Kernel
import Profile

/// Loads profiles for commands: says every problem, then refuses.
enum ProfileSource {
    /// The profile at `path`, each of its modules tried out.
    ///
    /// - Parameter tellsInert: warn of overrides that change nothing.
    /// - Throws: a failure with exit status 64 after all diagnostics went to stderr.
    static func load(
        _ path: String, overrides: [String], tellsInert: Bool = true
    ) throws(CommandFailure) -> EffectiveProfile {
        let scope = CommandScope.current
        if !StandardInput.exists(path) {
            throw CommandFailure(
                .usage, "there is no profile \(path)",
                help: """
                    Make one and look through it:
                        timenode config new > \(Shell.quoted(path))
                    or try six nodes on this machine:
                        timenode testnet init ./testnet
                        timenode testnet up ./testnet
                    """
            )
        }
        let outcome = check(path, overrides: overrides)
        scope.console.error(outcome.renderedDiagnostics())
        guard let profile = outcome.value else { throw .silent(.usage) }
        if tellsInert {
            for inert in profile.inertOverrides {
                scope.console.error("warning: --set \(inert.override) has no effect: \(inert.reason)")
            }
        }
        return profile
    }

    /// Loads the profile and tries each of its modules out, with its real constructor.
    static func check(_ path: String, overrides: [String]) -> LoadOutcome<EffectiveProfile> {
        let scope = CommandScope.current
        let loader = ProfileLoader(
            catalogue: scope.registry.catalogue, environment: scope.environment,
            fileSystem: StandardInput.files(of: scope)
        )
        return scope.registry.load(path: path, overrides: overrides, with: loader)
    }
}

/// The option of every command that takes a profile.
struct OverrideOption: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "Override one value of the profile, such as modules.liveness.use=tcp-keepalive (repeatable).",
            valueName: "path=value"
        )
    )
    var overrides: [String] = []
}

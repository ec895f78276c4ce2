import ArgumentParser
import Kernel
import Profile

/// Loads profiles for commands: says every problem, then refuses.
enum ProfileSource {
    /// The profile at `path`, each of its modules tried out.
    ///
    /// - Throws: a failure with exit status 64 after all diagnostics went to stderr.
    static func load(_ path: String, overrides: [String]) throws(CommandFailure) -> EffectiveProfile {
        let scope = CommandScope.current
        if !Files.exists(path) {
            throw CommandFailure(
                .usage, "there is no profile \(path)",
                help: """
                    Make one and look through it:
                        timenode config new > \(path)
                    or try six nodes on this machine:
                        timenode testnet init ./testnet
                        timenode testnet up ./testnet
                    """
            )
        }
        let outcome = check(path, overrides: overrides)
        scope.console.error(outcome.renderedDiagnostics())
        guard let profile = outcome.value else { throw .silent(.usage) }
        return profile
    }

    /// Loads the profile and tries each of its modules out, with its real constructor.
    static func check(_ path: String, overrides: [String]) -> LoadOutcome<EffectiveProfile> {
        let scope = CommandScope.current
        let loader = ProfileLoader(catalogue: scope.registry.catalogue, environment: scope.environment)
        let outcome = loader.load(path: path, overrides: overrides)
        guard let profile = outcome.value else { return outcome }
        let problems = scope.registry.problems(building: profile).map { problem in
            diagnostic(of: problem, in: profile)
        }
        return LoadOutcome(value: profile, diagnostics: outcome.diagnostics + problems)
    }

    private static func diagnostic(of problem: AssemblyError, in profile: EffectiveProfile) -> Diagnostic {
        let selection = profile.selections(role: problem.role).first { $0.id == problem.id }
        if let selection { return profile.diagnostic(for: selection, message: problem.message) }
        return Diagnostic(
            severity: .error, code: .missingRole, location: .wholeFile(profile.path), message: problem.description
        )
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

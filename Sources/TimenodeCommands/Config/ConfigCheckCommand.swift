import ArgumentParser
import Kernel
import Profile

/// `config check`: what passes without a warning starts, where it names a network file.
struct ConfigCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Load profiles and build every module of theirs; start nothing.",
        discussion: "All problems of all files in one run. Exit status 0, or 64 where a profile has an error."
    )

    @Argument(help: "The profiles to check.", transform: PathText.expanded)
    var profiles: [String]

    @OptionGroup var overriding: OverrideOption
    @OptionGroup var output: FormatOption

    func run() throws {
        let scope = CommandScope.current
        var results: [JSONValue] = []
        var hasErrors = false
        for path in profiles {
            let profile = ProfileSource.check(path, overrides: overriding.overrides)
            let outcome = profile.value.map { withNetwork(of: $0, profile) } ?? profile
            if outcome.errorCount > 0 { hasErrors = true }
            switch output.format {
            case .text:
                scope.console.error(outcome.renderedDiagnostics())
                if let profile = outcome.value { scope.console.print("\(path): ok (\(Self.words(profile)))") }
            case .json: results.append(Self.json(path, outcome))
            }
        }
        if output.format == .json { scope.console.print(.object([JSONMember("profiles", .array(results))])) }
        if hasErrors { throw CommandFailure.silent(.usage) }
    }

    /// A network file that is there has to be right too; one that is missing can be made later, but before `run`.
    private func withNetwork(
        of profile: EffectiveProfile, _ outcome: LoadOutcome<EffectiveProfile>
    ) -> LoadOutcome<EffectiveProfile> {
        guard let file = profile.networkFile else { return outcome }
        guard Files.exists(file) else {
            return LoadOutcome(value: profile, diagnostics: outcome.diagnostics + [Self.missing(file, profile)])
        }
        let network = NetworkDescription.load(path: file, environment: CommandScope.current.environment)
        // The same rules as at the start of a node; what is wrong with the file itself is among its diagnostics.
        let misfits =
            network.value.flatMap { try? NetworkView($0) }
            .map { CommandScope.current.registry.misfits(of: profile, in: $0) } ?? []
        return LoadOutcome(value: profile, diagnostics: outcome.diagnostics + network.diagnostics + misfits)
    }

    private static func missing(_ file: String, _ profile: EffectiveProfile) -> Diagnostic {
        var location: SourceLocation?
        if case .file(let place) = profile.node.provenance(of: "network_file") { location = place }
        return Diagnostic(
            severity: .warning, code: .unreadable, location: location,
            message: "the network file \(file) does not exist: 'run' needs it",
            help: "get it from the network's operators, or make a network with 'timenode testnet init'"
        )
    }

    /// `transport tcp, links single-link, …`.
    private static func words(_ profile: EffectiveProfile) -> String {
        profile.catalogue.roles.compactMap { role in
            let ids = profile.selections(role: role.name).map(\.id)
            return ids.isEmpty ? nil : "\(role.name) \(ids.joined(separator: " + "))"
        }.joined(separator: ", ")
    }

    private static func json(_ path: String, _ outcome: LoadOutcome<EffectiveProfile>) -> JSONValue {
        var members = [
            JSONMember("path", .string(path)), JSONMember("ok", .boolean(outcome.errorCount == 0)),
        ]
        if case .object(let rest) = outcome.jsonObject { members += rest }
        return .object(members)
    }
}

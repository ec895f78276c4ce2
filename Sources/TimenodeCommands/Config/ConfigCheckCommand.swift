import ArgumentParser
import Kernel
import Profile

/// `config check`: what passes without a warning starts, where it names a network file.
struct ConfigCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Load profiles, build every module of theirs, and check network files; start nothing.",
        discussion: """
            All problems of all files in one run, and what 'run' would warn of on this machine. A file with 'masternodes' at its \
            top is a network file. '-' reads standard input. Exit status 0, or 64 where a file has an error.
            """
    )

    @Argument(help: "The profiles and network files to check.", transform: PathText.expanded)
    var files: [String] = []

    @Option(
        help: ArgumentHelp("A network file to check by itself (repeatable).", valueName: "file"),
        transform: PathText.expanded
    )
    var network: [String] = []

    @OptionGroup var overriding: OverrideOption
    @OptionGroup var output: FormatOption

    func validate() throws {
        if files.isEmpty, network.isEmpty { throw ValidationError("name a profile or a network file, or '-'") }
    }

    func run() throws {
        let scope = CommandScope.current
        var results: [JSONValue] = []
        var hasErrors = false
        let checks = files.map { NetworkFileCheck.isNetworkFile($0) ? network($0) : profile($0) } + network.map(network)
        for check in checks {
            if check.hasErrors { hasErrors = true }
            switch output.format {
            case .text:
                scope.console.error(check.diagnostics)
                if let words = check.words { scope.console.print("\(check.path): ok (\(words))") }
            case .json: results.append(check.json)
            }
        }
        if output.format == .json { scope.console.print(.object([JSONMember("profiles", .array(results))])) }
        if hasErrors { throw CommandFailure.silent(.usage) }
    }

    /// What came of one file.
    private struct Check {
        let path: String
        let hasErrors: Bool
        /// For people.
        let diagnostics: String
        /// What the file says, in short; nil where it has errors.
        let words: String?
        let json: JSONValue

        init<Value>(_ path: String, _ outcome: LoadOutcome<Value>, _ kind: String, _ words: (Value) -> String) {
            self.path = path
            hasErrors = outcome.errorCount > 0
            diagnostics = outcome.renderedDiagnostics()
            self.words = outcome.value.map(words)
            var members = [
                JSONMember("path", .string(path)), JSONMember("kind", .string(kind)),
                JSONMember("ok", .boolean(outcome.errorCount == 0)),
            ]
            if case .object(let rest) = outcome.jsonObject { members += rest }
            json = .object(members)
        }
    }

    private func network(_ path: String) -> Check {
        Check(path, NetworkFileCheck.outcome(of: path), "network") { network in
            "network \(network.name), \(network.masternodes.count) masternodes, slots of "
                + DurationText.format(network.slotInterval)
        }
    }

    private func profile(_ path: String) -> Check {
        let outcome = ProfileSource.check(path, overrides: overriding.overrides)
        return Check(path, outcome.value.map { whole($0, outcome) } ?? outcome, "profile", Self.words)
    }

    /// A network file that is there has to be right too; one that is missing can be made later, but before `run`.
    private func whole(
        _ profile: EffectiveProfile, _ outcome: LoadOutcome<EffectiveProfile>
    ) -> LoadOutcome<EffectiveProfile> {
        var diagnostics = outcome.diagnostics
        diagnostics += profile.inertOverrides.map { inert in
            Self.warning(profile, "--set \(inert.override) has no effect: \(inert.reason)")
        }
        guard let file = profile.networkFile else { return LoadOutcome(value: profile, diagnostics: diagnostics) }
        guard Files.exists(file) else {
            return LoadOutcome(value: profile, diagnostics: diagnostics + [Self.missing(file, profile)])
        }
        let network = NetworkFileCheck.outcome(of: file)
        diagnostics += network.diagnostics
        if let network = network.value {
            // The same rules as at the start of a node.
            diagnostics += CommandScope.current.registry.misfits(of: profile, in: network)
            diagnostics += Self.nodeWarnings(profile, network)
        }
        return LoadOutcome(value: profile, diagnostics: diagnostics)
    }

    /// What `run` would tell of the node's place in its network, with the key that is there.
    private static func nodeWarnings(_ profile: EffectiveProfile, _ network: NetworkView) -> [Diagnostic] {
        let composition = Composition(profile: profile, network: network, registry: CommandScope.current.registry)
        let keyFile = composition.dataDirectory.keyFile
        do {
            guard Files.exists(keyFile) else {
                try composition.ownAddresses().expectNewIdentityIsWanted(in: network, keyFile: keyFile)
                return try composition.warnings(at: composition.dataDirectory, for: nil).map { warning(profile, $0) }
            }
            let identity = try IdentityKeyFile.load(from: keyFile).identity
            return try composition.warnings(at: composition.dataDirectory, for: identity).map { warning(profile, $0) }
        } catch let failure as CommandFailure {
            // Another machine than the node's has no key of its, and may check its profile all the same.
            return [warning(profile, "'run' would refuse: \(failure.message)", help: failure.help)]
        } catch {
            // Modules that cannot be made are told of already.
            return []
        }
    }

    private static func warning(_ profile: EffectiveProfile, _ message: String, help: String? = nil) -> Diagnostic {
        Diagnostic(
            severity: .warning, code: .rule, location: .wholeFile(profile.path), message: message,
            help: help?.replacing("\n", with: " ")
        )
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
}

import Profile

extension Registry {
    /// Loads a profile and tries each of its modules out, with its real constructor: what passes, starts.
    ///
    /// - Parameters:
    ///   - path: the profile's file.
    ///   - overrides: changes such as `modules.liveness.use=tcp-keepalive`.
    ///   - loader: how profiles are read; it has this registry's catalogue.
    /// - Returns: the profile, or every problem of the files and of the modules.
    public func load(
        path: String, overrides: [String] = [], with loader: ProfileLoader
    ) -> LoadOutcome<EffectiveProfile> {
        let outcome = loader.load(path: path, overrides: overrides)
        guard let profile = outcome.value else { return outcome }
        let problems = problems(building: profile).map { Self.diagnostic(of: $0, in: profile) }
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

import Kernel
import Lab
import LabLive
import Profile

/// Profiles as the laboratory runs them.
enum LabProfiles {
    static func load(_ path: String, overrides: [String], suffix: String) throws -> SimulatedProfile {
        let scope = CommandScope.current
        let outcome = ProfileSource.check(path, overrides: overrides)
        scope.console.error(outcome.renderedDiagnostics())
        guard let profile = outcome.value else { throw CommandFailure.silent(.usage) }
        let name = suffix.isEmpty ? profile.name : "\(profile.name) \(suffix)"
        return try SimulatedProfile(profile, name: name, registry: scope.registry)
    }

    /// The same for a live run, after ``load(_:overrides:suffix:)`` has said what there is to say about the profile.
    static func loadLive(_ path: String, overrides: [String], suffix: String) throws -> LiveProfile {
        guard let profile = ProfileSource.check(path, overrides: overrides).value else {
            throw CommandFailure.silent(.usage)
        }
        let name = suffix.isEmpty ? profile.name : "\(profile.name) \(suffix)"
        return LiveProfile(profile, name: name, overrides: overrides)
    }
}

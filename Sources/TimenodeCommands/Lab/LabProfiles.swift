import Kernel
import Lab
import LabLive
import Profile

/// Profiles as the laboratory runs them.
enum LabProfiles {
    /// - Parameter scenario: names the profiles of hosts that do not run this one.
    static func load(
        _ path: String, overrides: [String], suffix: String, in scenario: Scenario
    ) throws -> SimulatedProfile {
        var simulated = try load(path, overrides: overrides, suffix: suffix)
        for path in scenario.network.hosts.compactMap(\.profile)
        where !simulated.beside.contains(where: { $0.path == path }) {
            simulated.beside.append((path, try load(path, overrides: [], suffix: "")))
        }
        return simulated
    }

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

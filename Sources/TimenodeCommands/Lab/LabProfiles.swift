import Kernel
import Lab
import LabLive
import Profile

/// Profiles as the laboratory runs them.
enum LabProfiles {
    /// The profile at a path.
    ///
    /// - Parameters:
    ///   - suffix: what is to stand behind its name; empty for nothing.
    ///   - tellsInert: warn of overrides that change nothing. One of many profiles may use what another does not.
    static func load(
        _ path: String, overrides: [String], suffix: String = "", tellsInert: Bool = true
    ) throws -> SimulatedProfile {
        let scope = CommandScope.current
        let profile = try ProfileSource.load(path, overrides: overrides, tellsInert: tellsInert)
        return try SimulatedProfile(profile, name: name(of: profile, suffix), registry: scope.registry)
    }

    /// The same, with the profiles of the hosts of a scenario that do not run this one.
    static func load(
        _ path: String, overrides: [String], suffix: String = "", in scenario: Scenario
    ) throws -> SimulatedProfile {
        try load(path, overrides: overrides, suffix: suffix, tellsInert: false).with(others(in: scenario))
    }

    /// The profiles that hosts of a scenario run in place of the compared one, each once, by the path that it names.
    static func others(in scenario: Scenario) throws -> [(path: String, profile: SimulatedProfile)] {
        var others: [(path: String, profile: SimulatedProfile)] = []
        for path in scenario.network.hosts.compactMap(\.profile) where !others.contains(where: { $0.path == path }) {
            others.append((path, try load(try PathText.named(path), overrides: [])))
        }
        return others
    }

    /// The same for a live run, after ``load(_:overrides:suffix:)`` has said what there is to say about the profile.
    static func loadLive(_ path: String, overrides: [String], suffix: String) throws -> LiveProfile {
        guard let profile = ProfileSource.check(path, overrides: overrides).value else {
            throw CommandFailure.silent(.usage)
        }
        return LiveProfile(profile, name: name(of: profile, suffix), overrides: overrides)
    }

    private static func name(of profile: EffectiveProfile, _ suffix: String) -> String {
        suffix.isEmpty ? profile.name : "\(profile.name) \(suffix)"
    }
}

extension SimulatedProfile {
    /// The profile with those that some hosts run in place of it.
    func with(_ others: [(path: String, profile: SimulatedProfile)]) -> SimulatedProfile {
        var profile = self
        profile.beside = others
        return profile
    }

    /// Every file that it was made from.
    var allFiles: [String] { files + beside.flatMap(\.profile.files) }
}

/// What happened when under one profile, over all of its runs.
public struct ProfileHistory: Sendable, Hashable {
    /// The profile's name.
    public var profile: String
    /// The sum of its runs.
    public var history: RunHistory

    /// Adds up the histories of a profile's runs.
    public init(profile: String, runs: [RunHistory]) {
        self.profile = profile
        history = runs.reduce(into: RunHistory()) { $0.add($1) }
    }
}

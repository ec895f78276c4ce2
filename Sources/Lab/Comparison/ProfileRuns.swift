/// One alternative of a comparison: a profile and its runs, one per seed.
public struct ProfileRuns: Sendable, Hashable {
    /// The name that tables show; unique in a comparison.
    public var name: String
    /// Where the profile was read.
    public var path: String
    /// The digest of the effective profile, in hexadecimal.
    public var digest: String
    /// One run per seed, in the order that all profiles of the comparison share.
    public var runs: [RunMetrics]

    /// Makes an alternative from its identity and its runs.
    public init(name: String, path: String, digest: String, runs: [RunMetrics]) {
        self.name = name
        self.path = path
        self.digest = digest
        self.runs = runs
    }
}

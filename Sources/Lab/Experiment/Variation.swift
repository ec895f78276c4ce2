/// An axis of a matrix of profiles: one key of a profile and the values that it takes. Every combination of the values of
/// several axes is an alternative.
public struct Variation: Sendable, Hashable {
    /// A key of a profile, such as `modules.liveness.use`.
    public var key: String
    /// The values, each as an override has it.
    public var values: [String]

    /// An axis.
    ///
    /// - Throws: ``ExperimentError`` where the key is empty or there is no value.
    public init(key: String, values: [String]) throws(ExperimentError) {
        guard !key.isEmpty, !values.isEmpty else {
            throw ExperimentError(
                .malformedVariation, "a variation needs a key and at least one value",
                help: "For example modules.liveness.use=ping-pong,tcp-keepalive"
            )
        }
        self.key = key
        self.values = values
    }

    /// An axis from `KEY=VALUE,VALUE`; a value cannot contain a comma.
    ///
    /// - Throws: ``ExperimentError`` for any other text.
    public init(_ text: String) throws(ExperimentError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let values = parts.count == 2 ? parts[1].split(separator: ",").map { String($0) } : []
        guard let key = parts.first, !key.isEmpty, !values.isEmpty else {
            throw ExperimentError(
                .malformedVariation, "'\(text)' is not KEY=VALUE,VALUE",
                help: "For example modules.liveness.use=ping-pong,tcp-keepalive"
            )
        }
        self.key = String(key)
        self.values = values
    }

    /// What to set, and what to call it.
    public struct Alternative: Sendable, Hashable {
        /// What stands behind the profile's name: `liveness.use=none`; empty where nothing is varied.
        public var suffix: String
        /// Overrides for the profile.
        public var overrides: [String]
    }

    /// Every combination of the values of some axes, the last axis turning fastest; one without changes for no axis.
    public static func alternatives(_ axes: [Variation]) -> [Alternative] {
        axes.reduce([Alternative(suffix: "", overrides: [])]) { alternatives, axis in
            let short = axis.key.split(separator: ".").suffix(2).joined(separator: ".")
            return alternatives.flatMap { base in
                axis.values.map { value in
                    Alternative(
                        suffix: base.suffix + (base.suffix.isEmpty ? "" : " ") + "\(short)=\(value)",
                        overrides: base.overrides + ["\(axis.key)=\(value)"]
                    )
                }
            }
        }
    }
}

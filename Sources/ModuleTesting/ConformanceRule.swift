/// What the kit asks of a module. The raw value is the word in reports.
public enum ConformanceRule: String, Sendable, Hashable, CaseIterable {
    /// Two runs with the same seed are the same run, input for input and effect for effect. State that holds a
    /// `Dictionary` or a `Set` breaks the rule too: their order differs in every process, and two runs inside one
    /// process need not show it.
    case determinism
    /// The module declares only links dead that are up, sends over its own channel and only over links that are up,
    /// and sets no timer for a moment that has passed.
    case legalUse = "legal-use"
    /// Once the last link has ended no timer is left and the state has the size it had at the start.
    case cleanUp = "clean-up"
    /// The state can be written out and read back at any time: a fresh module with the state read back continues as
    /// the first one would have.
    case snapshot
    /// No wake-up while no link is up.
    case idleness
    /// State and work stay bounded, however long a link stands or is silent.
    case boundedness
    /// A discovery module wants each peer once, never its own node, and calls only masternodes so.
    case wishes
}

/// One breach of a rule.
public struct Violation: Sendable, Hashable, CustomStringConvertible {
    /// The rule that is broken.
    public let rule: ConformanceRule
    /// What was seen, with the figures that show it.
    public let message: String

    /// A breach of `rule`.
    public init(_ rule: ConformanceRule, _ message: String) {
        self.rule = rule
        self.message = message
    }

    /// `clean-up: a timer is left …`.
    public var description: String { "\(rule.rawValue): \(message)" }
}

import Wire

/// What the kit saw of one module.
public struct ConformanceReport: Sendable, Hashable, CustomStringConvertible {
    /// The module, as `liveness 'ping-pong'`.
    public let module: String
    /// In the order in which they were seen; at most three a rule.
    public let violations: [Violation]
    /// Breaches of rules that the trial was told to exempt the module from.
    public let exempted: [Violation]
    /// The reasons for which links ended, were refused or never came up in the first run, in the order of their words: what
    /// the trial has really seen happen.
    public let reasons: [Reason]
    /// How often the module was called, or a port was asked, in one run.
    public let callbacks: UInt64
    /// Over every input and effect of the runs: the same in any process that runs the same module with the same
    /// options, so a test may compare two processes.
    public let digest: String

    /// Whether no rule was broken.
    public var isConforming: Bool { violations.isEmpty }

    package init(
        module: String, seen: [Violation], exempt: [ConformanceRule], reasons: [Reason], callbacks: UInt64,
        digest: String
    ) {
        self.module = module
        self.violations = seen.filter { !exempt.contains($0.rule) }
        self.exempted = seen.filter { exempt.contains($0.rule) }
        self.reasons = reasons.sorted { $0.rawValue < $1.rawValue }
        self.callbacks = callbacks
        self.digest = digest
    }

    /// Does nothing for a conforming module.
    ///
    /// - Throws: ``ConformanceError`` with every violation, and below those of one rule what to do about it.
    public func expectConforming() throws(ConformanceError) {
        guard isConforming else {
            var rules: [ConformanceRule] = []
            for violation in violations where !rules.contains(violation.rule) { rules.append(violation.rule) }
            let list = rules.map { rule in
                violations.filter { $0.rule == rule }.map { "\n  \($0)" }.joined() + "\n    remedy: \(rule.remedy)"
            }.joined()
            throw ConformanceError(
                code: .violations, message: "\(module) breaks \(violations.count == 1 ? "a rule" : "rules"):\(list)"
            )
        }
    }

    /// The module, how often it was called, and what it did wrong.
    public var description: String {
        let verdict = isConforming ? "conforms" : violations.map(\.description).joined(separator: "; ")
        return "\(module), \(callbacks) callbacks: \(verdict)"
    }
}

/// Why a module does not conform, or could not be tried.
public struct ConformanceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of problem it is.
    public enum Code: String, Sendable, Hashable {
        /// The module broke rules; the message lists them.
        case violations
        /// The descriptor is one of another role than the kit's.
        case wrongRole = "wrong-role"
        /// An option of the module has no default, and no options were given.
        case optionsNeeded = "options-needed"
        /// The module's constructor refused its options.
        case refusedOptions = "refused-options"
        /// The kit's own scenario could not be loaded.
        case badScenario = "bad-scenario"
    }

    /// What kind of problem it is.
    public let code: Code
    /// What is wrong and what to do.
    public let message: String

    /// A problem in words.
    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

import Kernel
import Profile

/// A plan of faults as a file: what `simulate --save-plan` writes and `--plan` reads. It says of which scenario and seed it
/// is, because a plan is of little use with others.
package struct FaultPlan: Sendable {
    /// The scenario, as the file names it: a name, or a path as seen from the file's folder; nil where it does not say.
    package let scenario: String?
    /// The seed, nil where the file does not say.
    package let seed: UInt64?
    private let path: String

    /// Reads what a plan says of itself. Its faults are read once there is a scenario, whose hosts they name.
    package static func load(path: String) -> LoadOutcome<FaultPlan> {
        DocumentLoader().load(path: path, spec: spec { _ in [] }, what: "the plan").map { FaultPlan($0, path: path) }
    }

    private init(_ options: Options, path: String) {
        scenario = options.optionalString("scenario")
        seed = options.optionalString("seed").flatMap { UInt64($0) }
        self.path = path
    }

    /// The scenario with this plan, and nothing drawn.
    package func applied(to scenario: Scenario) -> LoadOutcome<Scenario> {
        let (hosts, duration) = (scenario.network.hosts, scenario.duration)
        let spec = Self.spec { Scenario.Fault.plan($0, hosts: hosts, duration: duration).problems }
        return DocumentLoader().load(path: path, spec: spec, what: "the plan").map {
            scenario.with(plan: Scenario.Fault.plan($0, hosts: hosts, duration: duration).faults)
        }
    }

    private static func spec(_ problems: @escaping @Sendable (Options) -> [String]) -> OptionSpec {
        OptionSpec(
            [
                .optionalString("scenario", maxBytes: 4_096, "the scenario that the plan is of: a name, or a path"),
                .optionalString("seed", maxBytes: 20, "the seed that the plan was drawn from, or met"),
                Scenario.Fault.list,
            ],
            check: { options in
                guard let seed = options.optionalString("seed"), UInt64(seed) == nil else { return problems(options) }
                return ["seed: must be a whole number from 0 to \(UInt64.max)"] + problems(options)
            }
        )
    }
}

extension Scenario {
    /// The scenario with the faults that its swarm draws from a seed as part of its plan.
    public func withDrawnFaults(seed: UInt64) -> Scenario {
        guard let swarm else { return self }
        return with(plan: faults + swarm.draw(seed: seed, scenario: self))
    }

    /// The scenario with another plan, and nothing drawn.
    public func with(plan: [Fault]) -> Scenario {
        var scenario = self
        scenario.swarm = nil
        scenario.faults = plan.sorted { $0.at < $1.at }
        return scenario
    }

    /// The faults alone, as a scenario has them and as a ``FaultPlan`` does.
    public var planText: String { Fault.text(faults, hosts: network.hosts) }

    /// The plan as a file that ``FaultPlan`` reads.
    ///
    /// - Parameter scenario: what the file is to call this scenario: its name, or a path as seen from the file's folder.
    package func planText(scenario: String, seed: UInt64) -> String {
        "scenario: \(Self.quoted(scenario))\nseed: \(seed)\n\(planText)"
    }

    /// A YAML text, in quotes where it needs them.
    private static func quoted(_ text: String) -> String {
        let isPlain = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0)) }
        let isWord = text.first.map { $0.isLetter || $0 == "." } ?? false
        if isPlain, isWord, !["unset", "null"].contains(text.lowercased()) { return text }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("${", with: "$${")
        return "\"\(escaped)\""
    }
}

import Kernel
import Profile
import Wire

/// A host that means ill: what it does to the nodes of a network in place of being one.
///
/// It speaks the protocol as a module of the links role, ``AdversaryLinks``, on the same kernel as every node, and has
/// the key of its own identity and no other.
public struct Adversary: Sendable, Hashable {
    /// What it does.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Opens connections and never says a word.
        case silent
        /// Says things out of their place, over their limit or without sense.
        case garbage
        /// Says that it is a masternode, and signs with its own key.
        case impostor
        /// Says that it is a masternode, and hands back what that one signed elsewhere.
        case replay
    }

    public var kind: Kind
    /// Time between two connections.
    public var interval: Duration
    /// Name of the one masternode that it turns on; nil for each in turn.
    public var target: String?

    public init(_ kind: Kind, every interval: Duration, target: String? = nil) {
        self.kind = kind
        self.interval = interval
        self.target = target
    }

    init(_ options: Options) {
        guard let kind = Kind(rawValue: options.choice("kind")) else {
            preconditionFailure("the option spec of adversaries lists a choice that the type lacks")
        }
        self.init(kind, every: options.duration("interval"), target: options.optionalString("target"))
    }

    static let spec = OptionSpec([
        .choice(
            "kind", default: Kind.silent.rawValue, of: Kind.allCases.map(\.rawValue),
            "silent: says nothing; garbage: says nonsense; impostor: claims a masternode's name; replay: with its words too"
        ),
        .duration(
            "interval", default: .seconds(1), in: .milliseconds(1) ... .seconds(3600), "time between two connections"
        ),
        .optionalString("target", maxBytes: 64, "the masternode that it turns on; unset: each in turn"),
    ])

    /// The key `adversary` of a scenario's hosts.
    static let field = OptionField.optionalRecord(
        "adversary", spec, "it means ill, and does this in place of running a node"
    )

    /// What is wrong with the adversaries among a scenario's hosts.
    static func problems(_ hosts: [Options]) -> [String] {
        hosts.enumerated().flatMap { index, host in
            guard let adversary = host.optionalRecord("adversary").map(Adversary.init) else { return [String]() }
            let name = host.string("name")
            var problems: [String] = []
            if host.optionalString("profile") != nil || host.optionalString("twin_of") != nil {
                problems.append(
                    "network.hosts[\(index)].adversary: '\(name)' is an adversary: it runs no profile and is nobody's twin"
                )
            }
            if let target = adversary.target, !hosts.contains(where: { $0.string("name") == target }) {
                problems.append(
                    "network.hosts[\(index)].adversary.target: '\(name)' turns on '\(target)', which is no host"
                )
            }
            return problems
        }
    }
}

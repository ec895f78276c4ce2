/// Whether what has to hold in a run did.
public enum Verdict: Sendable, Hashable {
    /// Nothing was violated, and the network was whole again in time.
    case held
    /// The violations in the order in which they were found; never empty.
    case violated([Violation])
    /// The run ended before it could be told, for this reason.
    case unknown(String)

    /// One word, as in JSON: `held`, `violated` or `unknown`.
    public var word: String {
        switch self {
        case .held: "held"
        case .violated: "violated"
        case .unknown: "unknown"
        }
    }

    /// 0, 1 and 2, as a program's exit status.
    public var exitStatus: Int32 {
        switch self {
        case .held: 0
        case .violated: 1
        case .unknown: 2
        }
    }

    /// What was violated; empty unless something was.
    public var violations: [Violation] {
        if case .violated(let violations) = self { violations } else { [] }
    }
}

/// Something that has to hold and did not.
public struct Violation: Sendable, Hashable {
    public let property: Property
    /// Seconds from the start of the run.
    public let seconds: Double
    /// Who and how, in words.
    public let detail: String
}

/// What has to hold in every run, whatever fails.
public enum Property: String, Sendable, Hashable, CaseIterable {
    /// Safety: no node ever has two links up with one identity.
    case oneLinkPerIdentity = "one-link-per-identity"
    /// Safety: nobody signs two blocks for one slot.
    case oneBlockPerSlot = "one-block-per-slot"
    /// Safety: who is at the other end of a link that is up is who the node takes it for.
    case peersAreProven = "peers-are-proven"
    /// Safety: what a node holds of others stays within its bounds.
    case boundedLinks = "bounded-links"
    /// Liveness: once faults are over, every wanted pair can deliver both ways within the scenario's time.
    case linksRecover = "links-recover"
    /// Liveness: once faults are over, all nodes are at one height, give or take two blocks, within that time.
    case chainsAgree = "chains-agree"
}

/// What the kit asks of a module. The raw value is the word in reports; which role has which rules, the kit of that role
/// says (``LivenessConformance/rules`` and so on).
public enum ConformanceRule: String, Sendable, Hashable, CaseIterable {
    // Every policy.

    /// Two runs with the same seed are the same run, input for input and effect for effect. State that holds a
    /// `Dictionary` or a `Set` breaks the rule too: their order differs in every process, and two runs inside one
    /// process need not show it.
    case determinism
    /// The module does what its role may do: it speaks on its own channel and over links that can be spoken over, acts on
    /// links that are there, and sets no timer for a moment that has passed.
    case legalUse = "legal-use"
    /// Each kind of message has a name and a limit of its own and a sample. A sample reads back as it was, a field of a later
    /// version does no harm, and what any bytes read as can be sent on.
    case messages
    /// Nothing is left of what has ended: no timer, no link, and for liveness no state. A module may keep a few words about
    /// a peer, as many after a hundred links with it as after one.
    case cleanUp = "clean-up"
    /// The state can be written out and read back at any time: a fresh module with the state read back continues as
    /// the first one would have.
    case snapshot
    /// A successor that takes the state over in a new process keeps every other rule: it knows that the links, timers and
    /// answers of its predecessor are gone, and goes on with the work.
    case handOver = "hand-over"
    /// No wake-up while there is nothing to do.
    case idleness
    /// State and work stay bounded, however long a link stands or is silent, and whatever strangers say.
    case boundedness

    // discovery

    /// A discovery module wants each peer once, never its own node, and calls only masternodes so.
    case wishes

    // links

    /// At most one link is up per identity.
    case oneLink = "one-link"
    /// A message is routed over a link that is up with that peer, and an answer over the link that the question came by.
    case routing
    /// Whoever ends a link has told the other end why, in the same word that its own log has, and that word is not `other`.
    case reasons
    /// Connections of strangers are bounded, whatever they say or leave unsaid.
    case admission
    /// Nobody is up under a name whose key he does not have.
    case identity
    /// Once faults are over, two nodes that want each other have one link, up at both ends.
    case linking

    // consensus

    /// The height of a node's chain never falls.
    case heights
    /// Nodes that can speak with each other agree, and of final blocks no two have one height.
    case agreement
    /// Blocks are made while enough masternodes are linked.
    case progress

    // application

    /// A payload that it proposes is within the limit, changes nothing by itself, and is accepted by every node.
    case payloads
    /// Taking a block back undoes what applying it did, in the state and in the store.
    case inverse
    /// Nodes that applied the same blocks have the same root, the same rows, and the same opinion of the next block.
    case sameRoot = "same-root"

    // store

    /// Rows come back as they were written, in order, of the range and within the limits that were asked for.
    case order
    /// A transaction is applied as a whole or not at all, change by change in order.
    case atomicity
    /// What `apply` has returned from is there after the store was opened anew, where the module says that it outlives the
    /// process, and is not there where it does not.
    case durability
    /// Two stores share nothing, and no two key spaces of one.
    case isolation
    /// A key space that was written in one format is neither read nor written in another one.
    case formats

    // transport

    /// A dial reaches who listens there, proves the keys that the module says it proves, and fails with its cause.
    case connecting
    /// Messages arrive as they were sent, in order, both ways at once; one over the limit is left out.
    case delivery
    /// After one end's end of stream the other end is still heard.
    case halfClose = "half-close"
    /// What waits for a slow peer is bounded, and a full queue ends the link and not the process.
    case backPressure = "back-pressure"

    // rpc

    /// Nobody but this host is answered unless the operator says so.
    case loopback
    /// A service says when it serves, ends when it is told to, whoever is still connected, and can be made again at the
    /// address that it had.
    case service
    /// What a service tells is what the node says at that moment, and it gives the node no command unasked.
    case answers
    /// The pages say what the node's status says, and errors say what to do.
    case pages
    /// A request's size is bounded, and clients who do not ask keep nobody out.
    case limits
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

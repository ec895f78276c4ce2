import Wire

/// One node: its policies, its link table, its timers and its random streams, as a single synchronous state machine.
///
/// A driver gives it one `Input` at a time, then carries out `effects` in order and arms one tick for
/// `nextDeadline`. Nothing here knows which driver that is. Confined to one thread.
public final class Node {
    /// The most bytes that a node takes of one transaction.
    public static let largestTransaction = 64 << 10

    /// What the node was made from, or was last reloaded with.
    public var configuration: NodeConfiguration { machine.context.configuration }
    /// One value, so that an input costs one exclusivity check and not dozens.
    var machine: NodeMachine

    /// A node that has not started; the first input is `.start`.
    public init(_ configuration: NodeConfiguration) {
        self.machine = NodeMachine(configuration)
    }

    init(_ machine: consuming NodeMachine) {
        self.machine = machine
    }

    /// Takes one input and everything that follows from it inside the node.
    public func handle(_ input: Input, at now: Instant, wall: WallTime) {
        machine.handle(input, at: now, wall: wall)
    }

    /// The same for a driver that carries the effects out at once: they take the place of what `effects` held.
    ///
    /// - Returns: when the node wants `.wake`, nil when it waits for nothing.
    public func handle(
        _ input: Input, at now: Instant, wall: WallTime, into effects: inout [Effect]
    ) -> Instant? {
        machine.handle(input, at: now, wall: wall, into: &effects)
    }

    /// Gives an incoming connection its generation; the driver then reports `.accepted`.
    public func admit(from remote: Endpoint, at now: Instant) -> LinkID {
        machine.context.links.insert(direction: .accepted, remote: remote, expected: nil, at: now)
    }

    /// What the driver has to do, in order; it empties the array.
    public var effects: [Effect] {
        get { machine.context.effects }
        _modify { yield &machine.context.effects }
    }

    /// Whether there is anything to do; cheaper than looking at `effects`.
    public var hasEffects: Bool { machine.hasEffects }

    /// When the node wants `.wake`, nil when it waits for nothing.
    public var nextDeadline: Instant? { machine.context.timers.next }

    /// Random number of this process start.
    public var incarnation: UInt64 { machine.context.incarnation }

    /// Every link that has not ended.
    public var table: LinkTable { machine.context.links }

    /// How many links have not ended.
    public var linkCount: Int { machine.context.links.entries.count }

    /// How far a link has come, nil once it has ended.
    public func phase(of link: LinkID) -> LinkPhase? { machine.context.links.phase(of: link) }

    /// The state of the chain, for operators.
    public var chainStatus: ChainStatus { machine.consensus.status }

    /// The link that a message to `peer` would take now.
    public func route(to peer: Identity) -> LinkID? { machine.route(to: peer) }

    /// The link that an answer to a message of `link` would take now.
    public func replyRoute(for link: LinkID) -> LinkID? { machine.replyRoute(for: link) }
}

import Wire

/// links: who dials, how a handshake goes, what happens to two links of one pair, when a peer is redialled, and over
/// which link a message to a peer travels.
public protocol LinksPolicy: Policy {
    /// A discovery module says which peers it wants now. Each call replaces what that module said before.
    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context)
    /// A dial of ours has its transport open.
    mutating func dialled(_ link: Link, _ context: inout Context)
    /// A dial of ours got no transport; the link is over.
    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context)
    /// Somebody's connection was taken in.
    mutating func accepted(_ link: Link, _ context: inout Context)
    /// A message of the handshake came in, or another one before the link was up.
    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context)
    /// The other end's end of stream, or the transport's failure. The policy ends the link with `context.close`.
    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context)
    /// The liveness module found the link dead. The policy decides how to drop it.
    mutating func dead(_ link: Link, _ reason: Reason, _ context: inout Context)
    /// True where the module wants `takes` for every message over a link that is up.
    var metersTraffic: Bool { get }
    /// Whether another role may have a message that came in; false drops it, and the module says so.
    mutating func takes(_ message: Message, from link: LinkID, _ context: inout Context) -> Bool
    /// What a peer sent was new and right: another module says so (`Context.reportUseful`).
    mutating func reportedUseful(_ peer: Identity, _ context: inout Context)
    /// A peer did what no honest node does: another module says so (`Context.reportMisbehaviour`).
    mutating func reportedMisbehaviour(_ peer: Identity, _ misbehaviour: Misbehaviour, _ context: inout Context)
    /// The link that a message to `peer` takes, nil when there is none.
    func route(to peer: Identity) -> LinkID?
    /// The link that the answer to a message of `link` takes. The same one, in any sane policy.
    func replyRoute(for link: LinkID) -> LinkID?
}

extension LinksPolicy {
    public mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {}

    public mutating func dead(_ link: Link, _ reason: Reason, _ context: inout Context) {
        context.close(link.id, reason)
    }

    public var metersTraffic: Bool { false }

    public mutating func takes(_ message: Message, from link: LinkID, _ context: inout Context) -> Bool { true }

    public mutating func reportedUseful(_ peer: Identity, _ context: inout Context) {}

    public mutating func reportedMisbehaviour(
        _ peer: Identity, _ misbehaviour: Misbehaviour, _ context: inout Context
    ) {}

    public func replyRoute(for link: LinkID) -> LinkID? { link }
}

/// discovery: which peers are wanted, in what order, and why. Says so with `Context.want`.
///
/// A module that knows addresses and one that knows whom to want need not be the same: the first says what it knows with
/// `Context.offer`, the second makes wishes of it.
public protocol DiscoveryPolicy: Policy {
    /// Another discovery module of this node says which peers it knows. Each call replaces what that module said before.
    mutating func offered(_ candidates: [Candidate], by source: Int, _ context: inout Context)
    /// A dial of ours ended before its link was up, for whatever module's sake it was made.
    mutating func dialEnded(_ link: Link, _ reason: Reason, _ context: inout Context)
}

extension DiscoveryPolicy {
    public mutating func offered(_ candidates: [Candidate], by source: Int, _ context: inout Context) {}
    public mutating func dialEnded(_ link: Link, _ reason: Reason, _ context: inout Context) {}
}

/// liveness: when a link is dead. Says so with `Context.declareDead`.
public protocol LivenessPolicy: Policy {
    /// True where the module wants `heard` for every message of every channel.
    var observesTraffic: Bool { get }
    /// A ping, a pong or a `busy` came in over a link that is up. The module's own messages come apart.
    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context)
    /// Something arrived over a link that is up: a message, or a part of a long one.
    mutating func heard(_ link: LinkID, _ context: inout Context)
    /// This process is about to do long work and hears nothing for `limit` at most; zero: it is done.
    mutating func workAhead(upTo limit: Duration, _ context: inout Context)
}

extension LivenessPolicy {
    public var observesTraffic: Bool { false }
    public mutating func heard(_ link: LinkID, _ context: inout Context) {}
    public mutating func workAhead(upTo limit: Duration, _ context: inout Context) {}

    /// A module that asks nobody still answers: the other end of a link may run another one.
    public mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        if case .ping(let nonce) = message { context.reply(.pong(nonce: nonce), to: link) }
    }
}

/// consensus: which blocks there are, in what order.
public protocol ConsensusPolicy: Policy {
    /// The highest block this node holds, and what an operator wants to know beside it.
    var status: ChainStatus { get }
}

/// workload: load that a profile or a scenario declares, so that a run can tell a link that is useful from one that merely
/// stands. It speaks on the channel `application`.
public protocol WorkloadPolicy: Policy {}

/// A peer that a discovery module knows addresses of.
public struct Candidate: Sendable, Hashable, Codable {
    /// Whom.
    public var identity: Identity
    /// Where it says it can be dialled, best first; not empty.
    public var endpoints: [Endpoint]

    public init(identity: Identity, endpoints: [Endpoint]) {
        self.identity = identity
        self.endpoints = endpoints
    }
}

/// One peer that discovery wants a link with.
public struct Wish: Sendable, Hashable, Codable {
    /// Whom, where known; a bare address learns it in the handshake.
    public var identity: Identity?
    /// Where to dial.
    public var endpoint: Endpoint
    /// Masternodes are redialled fast and for ever.
    public var isMasternode: Bool

    public init(identity: Identity?, endpoint: Endpoint, isMasternode: Bool) {
        self.identity = identity
        self.endpoint = endpoint
        self.isMasternode = isMasternode
    }
}

/// When a discovery module spoke. Only the historical links policy treats the two differently.
public enum DiscoveryPass: String, Sendable, Hashable, Codable {
    case start
    case periodic
}

import Wire

/// What every policy module is: a synchronous state machine that is told what happened and writes effects.
///
/// A policy opens no socket, reads no clock, draws from no system generator, starts no task and takes no lock. All it
/// may remember stands in `state`, a copyable value with a `Codable` form, so that a node can be snapshotted,
/// replayed and its module replaced while it runs.
public protocol Policy {
    /// What the module's timers say; an enum with one case per kind.
    associatedtype Timer: PolicyTimer = NoTimer
    /// What the module says to its peers, and they to it.
    associatedtype Messages: ModuleMessage = NoMessages
    /// Everything the module remembers.
    associatedtype State: Codable & Sendable

    /// Everything the module remembers.
    var state: State { get set }
    /// The version of the state's written form; raise it when an older form can no longer be read.
    static var stateVersion: Int { get }

    /// The node starts. Called once, links first, then liveness, consensus, discovery and workloads.
    mutating func start(_ context: inout Context)
    /// A timer that this module set has come.
    mutating func fired(_ timer: Timer, _ context: inout Context)
    /// A link came up.
    mutating func linkUp(_ link: Link, _ context: inout Context)
    /// A link that was up has ended.
    mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context)
    /// A message of this module came in over a link that is up.
    mutating func received(_ message: Messages, from link: LinkID, _ context: inout Context)
    /// The kernel's part of the same: it calls `received` for what is this module's. A module does not implement it.
    mutating func take(_ envelope: ModuleEnvelope, from link: LinkID, _ context: inout Context) -> Reception
    /// The store's answer to this module. A module that keeps something is a `PersistingPolicy`, which hands each kind of
    /// answer to a callback of its own; only a module that stands in for another one writes this, and hands it on.
    mutating func stored(_ reply: StoreReply, _ context: inout Context)
    /// The driver answered a `verify` of this module.
    mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context)
    /// The profile or the network file was read anew while the node runs: options and `context.network` may differ from
    /// before, `state` is as it was. What follows from them at once is done here; what is decided later is decided by them.
    mutating func reconfigured(_ context: inout Context)
    /// The driver answered a `resolve` of this module.
    mutating func resolved(_ resolution: Resolution, _ token: Token, _ context: inout Context)
    /// Another process with this node's identity is heard of, and proven; nil: no longer. The younger of the two must not
    /// sign anything that consensus counts meanwhile.
    mutating func identityConflict(_ conflict: IdentityConflict?, _ context: inout Context)
    /// The node is about to end.
    mutating func shutdown(_ context: inout Context)
}

extension Policy {
    public static var stateVersion: Int { 1 }

    public mutating func start(_ context: inout Context) {}
    public mutating func fired(_ timer: Timer, _ context: inout Context) {}
    public mutating func linkUp(_ link: Link, _ context: inout Context) {}
    public mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {}
    public mutating func received(_ message: Messages, from link: LinkID, _ context: inout Context) {}
    public mutating func stored(_ reply: StoreReply, _ context: inout Context) {}
    public mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {}
    public mutating func reconfigured(_ context: inout Context) {}
    public mutating func resolved(_ resolution: Resolution, _ token: Token, _ context: inout Context) {}
    public mutating func identityConflict(_ conflict: IdentityConflict?, _ context: inout Context) {}
    public mutating func shutdown(_ context: inout Context) {}

    func reads(_ code: TimerCode) -> Bool { Timer(code: code) != nil }

    mutating func fired(code: TimerCode, _ context: inout Context) {
        guard let timer = Timer(code: code) else {
            preconditionFailure("a module fired a timer code that its Timer type cannot read back: \(code)")
        }
        fired(timer, &context)
    }
}

/// A timer as data: it survives a snapshot, and a replay can compare it.
public protocol PolicyTimer: Sendable, Hashable {
    /// The timer as a number for its kind and a subject.
    var code: TimerCode { get }
    /// The timer back from its code; nil for a code this type never makes.
    init?(code: TimerCode)
}

/// The timers of a module that has none.
public enum NoTimer: PolicyTimer {
    public var code: TimerCode {
        switch self {}
    }

    public init?(code: TimerCode) { nil }
}

/// The state of a module that remembers nothing.
public struct NoState: Codable, Sendable, Hashable {
    public init() {}
}

/// How urgent a message is. Where a line cannot carry everything at once, the more urgent message goes first; messages of
/// one class keep their order.
public enum SendClass: UInt8, Sendable, Hashable, CaseIterable {
    /// What keeps a link alive: handshakes, goodbyes, liveness.
    case control = 0
    /// What a block waits for.
    case urgent = 1
    /// What may take its time and must not be lost: catching up, addresses.
    case normal = 2
    /// Load that a slow line may lose.
    case bulk = 3
}

extension Message {
    /// How urgent the message is.
    public var sendClass: SendClass {
        if case .module(let envelope) = self { envelope.sendClass } else { .control }
    }

    /// Whether the message may be left out where a slow line has no room for it. Losing any other ends the link.
    public var isDroppable: Bool { sendClass == .bulk }
}

extension Channel {
    /// How urgent a message is of which only the bytes are known.
    var sendClass: SendClass {
        switch self {
        case .links, .liveness: .control
        case .consensus: .urgent
        case .discovery: .normal
        case .application: .bulk
        }
    }
}

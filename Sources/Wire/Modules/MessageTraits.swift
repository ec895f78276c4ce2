/// What drivers and the simulator have to know of one kind of message.
public struct MessageTraits: Sendable, Hashable {
    /// The kind's name in traces, in lower case with hyphens: `get-blocks`.
    public var name: String
    /// The longest body, in bytes. A longer one is not sent; a link over which a longer one comes is ended before
    /// anything of the body is decoded.
    public var limit: Int
    /// How urgent the message is. A slow line may lose messages of the class `bulk`; where another one has no room, the
    /// link ends.
    public var sendClass: SendClass
    /// What the simulator charges the receiver.
    public var cost: MessageCost

    /// - Parameter limit: in bytes; at most what the channel takes of one frame.
    public init(
        _ name: String, limit: Int, sendClass: SendClass = .normal, cost: MessageCost = .plain
    ) {
        self.name = name
        self.limit = limit
        self.sendClass = sendClass
        self.cost = cost
    }
}

/// What a message keeps its receiver's loop busy for, beyond what any message does. A scenario says how long
/// (`network.service`).
public enum MessageCost: UInt8, Sendable, Hashable, CaseIterable {
    /// Nothing more.
    case plain
    /// A block to check, for each of the message's ``ModuleMessage/units``.
    case block
    /// An exchange of addresses.
    case exchange
}

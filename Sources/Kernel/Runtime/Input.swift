import Wire

/// What a driver tells a node. Everything a node ever learns comes through here, so a recorded sequence of inputs
/// replays a run.
public enum Input: Sendable {
    /// The first input, once.
    case start
    /// A dial's transport is open. `identity` is the key the transport itself proved, nil over plain TCP.
    indirect case opened(LinkID, identity: Identity?)
    /// A dial's transport could not be opened.
    case openFailed(LinkID, Reason)
    /// The driver took a connection in under the generation that `Node.admit(from:)` gave it.
    indirect case accepted(LinkID, identity: Identity?)
    /// One message of a link, in order.
    case received(LinkID, Message)
    /// Bytes of a message have come that is not whole yet, or more of ours waits than the host's TCP has room for and the
    /// other end is taking it. Told now and then, so that a slow path is not taken for a silent peer; nothing else follows
    /// from it.
    case progress(LinkID)
    /// The other end sent its end of stream, or the transport failed.
    case ended(LinkID, StreamEnd)
    /// A batch is durable.
    case persisted(WriteToken)
    /// A batch is not durable, and nothing of it is stored.
    indirect case persistFailed(WriteToken, StoreFailure)
    /// The rows a query asked for.
    indirect case rows(Token, StoreAnswer)
    /// A query failed.
    indirect case readFailed(Token, StoreFailure)
    /// What a `verify` has come to.
    indirect case verified(Token, Verification)
    /// What a `resolve` has come to.
    case resolved(Token, Resolution)
    /// The node's process is about to do long work and will be told nothing until it is done, `upTo` at most; zero says
    /// that it is done. What the node sends in answer goes out before the work begins.
    case workAhead(upTo: Duration)
    /// The deadline that `Node.nextDeadline` named has come.
    case wake
    /// Somebody hands a transaction in; answered by `answer`, whatever becomes of it.
    indirect case submitted(RequestID, [UInt8])
    /// The operator asked the node to end: links say goodbye and close.
    case shutdown
}

/// Why no more will be read from a link.
public enum StreamEnd: Sendable, Hashable {
    /// The other end's FIN. Ours is still open.
    case endOfStream
    /// The connection is gone: reset, given up by the host's TCP, or ended by the driver for the reason named.
    case failed(Reason)

    /// The cause as a word.
    public var reason: Reason {
        switch self {
        case .endOfStream: .endOfStream
        case .failed(let reason): reason
        }
    }
}

import Wire

/// What a node asks of its driver. The real driver and the simulator interpret the same values.
public enum Effect: Sendable {
    /// Open a transport to `address`; give up after `timeout`. Answered by `opened` or `openFailed`.
    indirect case open(LinkID, Endpoint, expected: Identity?, timeout: Duration)
    /// Send behind everything sent before.
    case send(LinkID, Message)
    /// Send our end of stream; reading goes on.
    case shutdownWrite(LinkID)
    /// Read no more from this link; what arrives stays in the host's buffers.
    case stopReading(LinkID)
    /// Send what is queued, then close both ways. No input of this link follows.
    case close(LinkID, Reason)
    /// Ask the host's TCP for these options.
    indirect case socketOptions(LinkID, SocketOptions)
    /// Make a batch durable, behind every write asked for before; answered by `persisted` or `persistFailed`.
    indirect case persist(StoreSpace, StoreBatch, WriteToken)
    /// Ask the store, behind every write asked for before; answered by `rows` or `readFailed`.
    indirect case read(StoreSpace, StoreQuery, Token)
    /// Check signatures off the loop, in parts where they are many; answered by `verified`, once.
    case verify([SignatureCheck], Token)
    /// Look a host's name up, off the loop and with a deadline; answered by `resolved`.
    indirect case resolve(String, Token)
    /// What became of a transaction that was `submitted`.
    indirect case answer(RequestID, SubmissionResult)
    /// Something an operator, a log, a metric or a trace wants to know. Changes nothing.
    case observe(Event)
}

public import Wire

// What a module says in its own messages.

extension Context {
    /// Sends over this very link, behind everything sent before; with `token`, only once that write is durable.
    @inlinable public mutating func send(
        _ message: some ModuleMessage, over link: LinkID, after token: WriteToken? = nil
    ) {
        send(Message(message), over: link, after: token)
    }

    /// Sends to a peer over the link that the links policy routes it by. Dropped, and said so, where there is none.
    @inlinable public mutating func send(
        _ message: some ModuleMessage, to peer: Identity, after token: WriteToken? = nil
    ) {
        send(Message(message), to: peer, after: token)
    }

    /// Answers a message of `link` over the link that the links policy routes answers by.
    @inlinable public mutating func reply(_ message: some ModuleMessage, to link: LinkID) {
        reply(Message(message), to: link)
    }
}

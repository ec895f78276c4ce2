// Bodies as bytes: for tests, fuzzers and tools. Nodes read bodies where they lie.

extension ModuleMessage {
    /// The message's body.
    public var encodedBody: [UInt8] { TypedEnvelope(self).body }

    /// Reads a body of the kind, as a node does with what a peer sent.
    ///
    /// - Returns: the message, and how many fields this version does not know.
    /// - Throws: ``MessageFault`` where the peer would lose its link: the body is none of the kind, or over its limit.
    public static func decoded(
        _ kind: Kind, from body: [UInt8]
    ) throws(MessageFault) -> (message: Self, unknownFields: Int) {
        let traits = kind.traits
        guard body.count <= traits.limit else { throw .tooLarge(body.count, of: traits.name, limit: traits.limit) }
        let raw = RawEnvelope(channel: scope.channel, scope: scope.number, kind: kind.rawValue, body: body)
        var message: Self?
        let unknownFields = try raw.withBody { reader throws(MessageFault) in
            message = try read(kind, from: &reader)
        }
        guard let message else { throw .malformed("nothing was read") }
        return (message, unknownFields)
    }
}

public import Wire

/// What a module made of a message that came in for its role.
public enum Reception: Sendable, Hashable {
    /// The module took it; so many of its fields it did not know, and those were left out.
    case taken(unknownFields: Int)
    /// The message is another module's.
    case otherScope
    /// The node has no module of the message's role.
    case noReceiver
    /// The module knows no such kind: a later version of it sent the message.
    case unknownKind
    /// The body is none that the module's peers may send.
    case fault(MessageFault)
}

extension Policy {
    /// What a module does with the messages that it declares: a value is handed on, bytes are read first. A value that no
    /// receiver would read from its bytes is refused as these are.
    @inlinable
    public mutating func take(
        _ envelope: ModuleEnvelope, from link: LinkID, _ context: inout Context
    ) -> Reception {
        if let message = envelope.value(as: Messages.self), envelope.isWellFormed {
            received(message, from: link, &context)
            return .taken(unknownFields: 0)
        }
        switch Self.read(envelope) {
        case .success(let read):
            received(read.message, from: link, &context)
            return .taken(unknownFields: read.unknownFields + envelope.unknownFields)
        case .failure(.otherScope): return .otherScope
        case .failure(.unknownKind): return .unknownKind
        case .failure(.fault(let fault)): return .fault(fault)
        }
    }

    /// The message as a value, where it is one of this module's and the value says all that the bytes say.
    func typed(_ envelope: ModuleEnvelope) -> ModuleEnvelope? {
        guard case .success(let read) = Self.read(envelope), read.unknownFields + envelope.unknownFields == 0,
            case .module(let typed) = Message(read.message)
        else { return nil }
        return typed
    }

    /// Whether the message is a value of this module's that its bytes would be read as.
    func speaks(_ envelope: ModuleEnvelope) -> Bool {
        envelope.value(as: Messages.self) != nil && envelope.isWellFormed
    }

    @inlinable
    static func read(_ envelope: ModuleEnvelope) -> Result<ReadMessage<Messages>, UnreadMessage> {
        guard envelope.scope == Messages.scope.number, envelope.channel == Messages.scope.channel else {
            return .failure(.otherScope)
        }
        guard let kind = Messages.Kind(rawValue: envelope.kind) else { return .failure(.unknownKind) }
        let limit = kind.traits.limit
        guard envelope.bodySize <= limit else {
            return .failure(.fault(.tooLarge(envelope.bodySize, of: kind.traits.name, limit: limit)))
        }
        var message: Messages?
        do throws(MessageFault) {
            let unknownFields = try envelope.withBody { body throws(MessageFault) in
                message = try Messages.read(kind, from: &body)
            }
            guard let message else { return .failure(.unknownKind) }
            return .success(ReadMessage(message: message, unknownFields: unknownFields))
        } catch {
            return .failure(.fault(error))
        }
    }
}

/// A message that was read from bytes.
@usableFromInline struct ReadMessage<Messages: ModuleMessage> {
    @usableFromInline let message: Messages
    @usableFromInline let unknownFields: Int

    @usableFromInline init(message: Messages, unknownFields: Int) {
        self.message = message
        self.unknownFields = unknownFields
    }
}

/// Why bytes are no message of a module.
@usableFromInline enum UnreadMessage: Error {
    case otherScope
    case unknownKind
    case fault(MessageFault)
}

import Wire

extension Node {
    /// The message as a value, where it came as bytes and a module of this node knows every field of them; else the message
    /// as it is. A trace that left out unknown fields would replay as a run in which nobody had sent any.
    package func typed(_ message: Message) -> Message {
        guard case .module(let envelope) = message, envelope.isRaw, let typed = machine.typed(envelope)
        else { return message }
        return .module(typed)
    }

    /// An input as a digest takes it: a module's message as a value where this node knows the module, and as bytes where
    /// it does not, in whichever form it came. A replay has only bytes, and comes to the same.
    package func canonical(_ input: Input) -> Input {
        guard case .received(let link, .module(let envelope)) = input else { return input }
        if envelope.isRaw { return typed(input) }
        if machine.speaks(envelope) { return input }
        let raw = RawEnvelope(
            channel: envelope.channel, scope: envelope.scope, kind: envelope.kind, body: envelope.body)
        return .received(link, .module(raw))
    }

    /// `typed` for the messages that wait for a write.
    func typed(_ write: PendingWrite) -> PendingWrite {
        var write = write
        for index in write.messages.indices { write.messages[index].message = typed(write.messages[index].message) }
        return write
    }

    /// `typed` for an input.
    package func typed(_ input: Input) -> Input {
        if case .received(let link, let message) = input { .received(link, typed(message)) } else { input }
    }
}

extension NodeMachine {
    fileprivate borrowing func speaks(_ envelope: ModuleEnvelope) -> Bool {
        switch envelope.channel {
        case .links: return links.speaks(envelope)
        case .liveness: return liveness.speaks(envelope)
        case .consensus: return consensus.speaks(envelope)
        case .discovery:
            for module in discovery where module.speaks(envelope) { return true }
        case .application:
            for module in workloads where module.speaks(envelope) { return true }
        }
        return false
    }

    fileprivate borrowing func typed(_ envelope: ModuleEnvelope) -> ModuleEnvelope? {
        switch envelope.channel {
        case .links: return links.typed(envelope)
        case .liveness: return liveness.typed(envelope)
        case .consensus: return consensus.typed(envelope)
        case .discovery:
            for module in discovery {
                if let typed = module.typed(envelope) { return typed }
            }
        case .application:
            for module in workloads {
                if let typed = module.typed(envelope) { return typed }
            }
        }
        return nil
    }
}

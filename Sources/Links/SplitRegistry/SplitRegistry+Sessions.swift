import Kernel
import Wire

extension SplitRegistry {
    public mutating func accepted(_ link: Link, _ context: inout Context) {
        let address = link.remote.ip
        if options.duplicate == .dropBeforeHandshake,
            state.outbound[address] != nil || state.inbound[address] != nil
        {
            context.observe(.refused(link.id, nil, link.remote, .duplicate))
            context.close(link.id, .duplicate)
        }
    }

    public mutating func received(_ message: Message, from id: LinkID, _ context: inout Context) {
        switch message {
        case .hello(let hello): receivedHello(hello, id, &context)
        case .helloAck(let ack):
            if endBeat(id, .notWanted, by: .us, &context) { return }
            guard let number = task(of: id) else { return }
            context.identify(id, as: ack.identity)
            linked(number, &context)
        case .goodbye: break
        default: breakOff(id, .unexpectedMessage, &context)
        }
    }

    private mutating func receivedHello(_ hello: Hello, _ id: LinkID, _ context: inout Context) {
        guard let link = context.link(id), link.direction == .accepted, link.phase == .handshaking else {
            breakOff(id, .unexpectedMessage, &context)
            return
        }
        guard hello.version == Hello.currentVersion, hello.network == context.network.name else {
            context.close(id, hello.version == Hello.currentVersion ? .wrongNetwork : .protocolVersion)
            return
        }
        let address = link.remote.ip
        context.identify(id, as: hello.identity)
        state.addresses[hello.identity] = address
        let isLinked = state.outbound[address] != nil || state.inbound[address] != nil
        if options.duplicate == .keepExisting, isLinked {
            turnAway(id, hello.identity, address, &context)
            return
        }
        if state.outbound[address] != nil {
            if hasTurn(Endpoint(ip: address, port: context.endpoint.port), context) {
                turnAway(id, hello.identity, address, &context)
                return
            }
            // The other end's dial is preferred: our mark goes, the link behind it stays as it is.
            state.outbound.removeValue(forKey: address)
        }
        state.inbound[address] = id
        register(id, at: address, &context)
        acknowledge(id, &context)
        context.markUp(id, peer: hello.identity)
        // The error of the branch that refuses stood behind it, where those come by who match.
        if options.networkCheck == .cutEverybody { breakOff(id, .wrongNetwork, &context) }
    }

    /// A duplicate, refused after the handshake.
    private mutating func turnAway(
        _ id: LinkID, _ identity: Identity, _ address: IPAddress, _ context: inout Context
    ) {
        guard let link = context.link(id) else { return }
        context.observe(.refused(id, identity, link.remote, .duplicate))
        guard options.duplicate == .acknowledgeThenClose else {
            context.close(id, .duplicate)
            return
        }
        // The answer needs a writer in the registry, and there is one place for it: the survivor's goes.
        register(id, at: address, &context)
        acknowledge(id, &context)
        context.halfClose(id, .duplicate, by: .us)
    }

    private func acknowledge(_ id: LinkID, _ context: inout Context) {
        context.send(
            .helloAck(
                HelloAck(
                    refusal: nil, identity: context.identity, incarnation: context.incarnation, nonce: 0,
                    signature: .none
                )
            ),
            over: id
        )
    }

    public mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        finish(link, end.reason, by: end == .endOfStream ? .peer : .transport, &context)
    }

    public mutating func dead(_ link: Link, _ reason: Reason, _ context: inout Context) {
        finish(link, reason, by: .us, &context)
    }

    /// Ends a link whose other end breaks the protocol, and the session with it.
    private mutating func breakOff(_ id: LinkID, _ reason: Reason, _ context: inout Context) {
        if let link = context.link(id) { finish(link, reason, by: .us, &context) }
    }

    /// The session of a link is over: its reader goes, its writer stays where it is registered.
    private mutating func finish(_ link: Link, _ reason: Reason, by ender: LinkEnder, _ context: inout Context) {
        if endBeat(link.id, reason, by: ender, &context) { return }
        let address = address(of: link)
        let number = task(of: link.id)
        let wasInbound = state.inbound[address] == link.id
        switch options.cleanup {
        case .ownSession: if wasInbound { state.inbound.removeValue(forKey: address) }
        case .anySession: wipe(address, after: link, &context)
        case .none: if wasInbound, link.phase != .up { state.inbound.removeValue(forKey: address) }
        }
        if ender != .transport, state.writers[address] == link.id, options.sessionEnd == .keepWriter {
            context.halfClose(link.id, reason, by: ender)
        } else {
            if state.writers[address] == link.id { state.writers.removeValue(forKey: address) }
            context.close(link.id, reason, by: ender)
        }
        guard let number else { return }
        if ender == .transport || !(state.tasks[number]?.isLinked ?? false) {
            failed(number, &context)
        } else {
            endedInOrder(number, &context)
        }
    }

    /// A clean-up that asks for the address alone: a newer session under it loses its marks and its writer.
    private mutating func wipe(_ address: IPAddress, after link: Link, _ context: inout Context) {
        guard link.phase == .up else { return }
        state.inbound.removeValue(forKey: address)
        state.outbound.removeValue(forKey: address)
        guard let newer = state.writers[address], newer != link.id else { return }
        state.writers.removeValue(forKey: address)
        if let entry = context.link(newer), entry.phase == .halfClosed {
            context.close(newer, .replaced)
        } else {
            context.shutdownWrite(newer)
        }
    }

    /// Puts a writer into the one place its address has. The one that stood there is dropped: its end of stream goes
    /// out, and where its reader was gone already the socket closes.
    mutating func register(_ id: LinkID, at address: IPAddress, _ context: inout Context) {
        if let old = state.writers[address], old != id {
            if let link = context.link(old), link.phase == .halfClosed {
                context.close(old, .replaced)
            } else {
                context.shutdownWrite(old)
            }
        }
        state.writers[address] = id
    }

    private func address(of link: Link) -> IPAddress { link.remote.ip }
}

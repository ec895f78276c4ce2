import Wire

// Each input goes to the policy whose business it is; what that policy asks of others is settled afterwards.

extension NodeMachine {
    mutating func dispatch(_ input: Input) {
        switch input {
        case .start:
            context.startedAt = context.wall
            context.startInstant = context.now
            context.startApplication()
            tellAll(.start)
        case .opened(let id, let identity): opened(id, identity)
        case .openFailed(let id, let reason): openFailed(id, reason)
        case .accepted(let id, let identity): accepted(id, identity)
        case .received(let id, let message): received(id, message)
        case .progress(let id): progressed(id)
        case .ended(let id, let end): ended(id, end)
        case .persisted(let token): persisted(token)
        case .persistFailed(let token, let failure): persistFailed(token, failure)
        case .rows(let token, let answer): tellOwner(of: token, .stored(.rows(answer, token)))
        case .readFailed(let token, let failure): readFailed(token, failure)
        case .verified(let token, let verification): verified(token, verification)
        case .resolved(let token, let resolution): tellOwner(of: token, .resolved(resolution, token))
        case .workAhead(let limit):
            context.module = Slot.liveness
            liveness.workAhead(upTo: limit, &context)
        case .submitted(let request, let transaction): submitted(request, transaction)
        case .wake: wake()
        case .shutdown: shutdown()
        }
    }

    private mutating func opened(_ id: LinkID, _ identity: Identity?) {
        context.links.update(id) {
            $0.phase = .handshaking
            $0.transportIdentity = identity
        }
        guard let link = context.links[id] else { return }
        context.module = Slot.links
        links.dialled(link, &context)
    }

    private mutating func openFailed(_ id: LinkID, _ reason: Reason) {
        guard let link = context.links.remove(id) else { return }
        if !link.isProbe { context.observe(.dialFailed(id, link.remote, reason)) }
        context.module = Slot.links
        links.dialFailed(link, reason, &context)
        context.deferred.append(.dialEnded(link, reason))
    }

    private mutating func accepted(_ id: LinkID, _ identity: Identity?) {
        context.links.update(id) { $0.transportIdentity = identity }
        guard let link = context.links[id] else { return }
        context.module = Slot.links
        links.accepted(link, &context)
    }

    private mutating func received(_ id: LinkID, _ message: Message) {
        guard let phase = context.links.attend(to: id), phase != .halfClosed else { return }
        let channel = message.channel
        if channel == .links {
            // Before the versions are agreed on nothing is expected but the handshake.
            if phase == .up, case .module(let envelope) = message { return take(envelope, message, from: id) }
            context.module = Slot.links
            links.received(message, from: id, &context)
            return
        }
        guard phase == .up else {
            context.observe(.messageDropped(id, channel, .notUp))
            if phase == .handshaking { refuse(id, .unexpectedMessage) }
            return
        }
        if livenessObservesTraffic {
            context.module = Slot.liveness
            liveness.heard(id, &context)
        }
        if case .module(let envelope) = message { return take(envelope, message, from: id) }
        guard isWithinRate(message, from: id) else { return }
        deliver(message, from: id)
    }

    private mutating func isWithinRate(_ message: Message, from id: LinkID) -> Bool {
        guard linksMeterTraffic else { return true }
        context.module = Slot.links
        return links.takes(message, from: id, &context)
    }

    /// Hands a module's message to the module whose it is.
    private mutating func take(_ envelope: ModuleEnvelope, _ message: Message, from id: LinkID) {
        guard isWithinRate(message, from: id) else { return }
        let channel = envelope.channel
        switch reception(of: envelope, from: id) {
        case .taken(let unknownFields):
            if unknownFields > 0 { context.observe(.fieldsIgnored(id, channel)) }
        case .otherScope:
            // The kernel has no scope of its own: 0 is what a later version of it says.
            context.observe(.messageDropped(id, channel, envelope.scope == 0 ? .unknownKind : .unknownModule))
        case .noReceiver: context.observe(.messageDropped(id, channel, .noReceiver))
        case .unknownKind: context.observe(.messageDropped(id, channel, .unknownKind))
        case .fault(let fault):
            context.note(.warning, "link \(id) ends: a message on channel \(channel.name): \(fault)")
            if context.links.canSend(over: id) { context.send(.goodbye(fault.reason), over: id) }
            ended(id, .failed(fault.reason))
        }
    }

    private mutating func reception(of envelope: ModuleEnvelope, from id: LinkID) -> Reception {
        switch envelope.channel {
        case .links:
            context.module = Slot.links
            return links.take(envelope, from: id, &context)
        case .liveness:
            context.module = Slot.liveness
            return liveness.take(envelope, from: id, &context)
        case .consensus:
            context.module = Slot.consensus
            return consensus.take(envelope, from: id, &context)
        case .discovery:
            for index in discovery.indices {
                context.module = Slot.firstDiscovery + UInt8(index)
                let reception = discovery[index].take(envelope, from: id, &context)
                if reception != .otherScope { return reception }
            }
        case .application:
            if workloads.isEmpty { return .noReceiver }
            for index in workloads.indices {
                context.module = firstWorkload + UInt8(index)
                let reception = workloads[index].take(envelope, from: id, &context)
                if reception != .otherScope { return reception }
            }
        }
        return .otherScope
    }

    private mutating func progressed(_ id: LinkID) {
        guard livenessObservesTraffic, context.links.phase(of: id) == .up else { return }
        context.module = Slot.liveness
        liveness.heard(id, &context)
    }

    /// Ends a link through the policy that keeps it, so that nothing there goes on waiting for it.
    private mutating func refuse(_ id: LinkID, _ reason: Reason) {
        guard let link = context.links[id] else { return }
        context.module = Slot.links
        links.dead(link, reason, &context)
        context.close(id, reason)
    }

    /// Hands on what the kernel itself speaks.
    private mutating func deliver(_ message: Message, from id: LinkID) {
        context.module = Slot.liveness
        liveness.received(message, from: id, &context)
    }

    private mutating func ended(_ id: LinkID, _ end: StreamEnd) {
        guard let link = context.links[id] else { return }
        context.module = Slot.links
        links.ended(link, end, &context)
        // A transport that is gone cannot be kept by any policy.
        if case .failed(let reason) = end { context.close(id, reason, by: .transport) }
    }

    private mutating func persisted(_ token: WriteToken) {
        guard let write = context.writes.settle(token, isDurable: true) else { return }
        for waiting in write.messages {
            switch waiting.destination {
            case .link(let link): context.send(waiting.message, over: link)
            case .peer(let peer): context.send(waiting.message, to: peer)
            }
        }
        if let module = write.module { tell(module, .stored(.persisted(token))) }
    }

    private mutating func persistFailed(_ token: WriteToken, _ failure: StoreFailure) {
        guard let write = context.writes.settle(token, isDurable: false) else { return }
        context.note(.error, "the store refused a write\(name(of: write.module)): \(failure)")
        for waiting in write.messages {
            let link: LinkID? = if case .link(let link) = waiting.destination { link } else { nil }
            context.observe(.messageDropped(link, waiting.message.channel, .notDurable))
        }
        if let module = write.module { tell(module, .stored(.persistFailed(failure, token))) }
    }

    private mutating func readFailed(_ token: Token, _ failure: StoreFailure) {
        guard let module = context.owners[token] else { return }
        context.note(.error, "the store refused a read\(name(of: module)): \(failure)")
        tellOwner(of: token, .stored(.readFailed(failure, token)))
    }

    private mutating func verified(_ token: Token, _ verification: Verification) {
        if case .failed(let cause) = verification, context.owners[token] != nil {
            context.note(.error, "signatures could not be checked, and nothing is known of them: \(cause)")
        }
        tellOwner(of: token, .verified(verification, token))
    }

    private borrowing func name(of module: UInt8?) -> String {
        module.map { " of \(context.spaces[Int($0)])" } ?? ""
    }

    private mutating func submitted(_ request: RequestID, _ transaction: [UInt8]) {
        var result = SubmissionResult.refused(.noApplication)
        if transaction.count > Node.largestTransaction {
            result = .refused(.tooLarge(transaction.count))
        } else if let answer = context.application?.submit(transaction) {
            result = answer
        }
        context.effects.append(.answer(request, result))
    }

    private mutating func wake() {
        if context.clockWatch.hasMoved(now: context.now, wall: context.wall) { context.lookAtClock() }
        while let key = context.timers.popDue(at: context.now) {
            context.fired.append(key)
            tell(key.module, .fired(key.code))
            settle()
        }
    }

    private mutating func shutdown() {
        tellAll(.shutdown)
        for link in context.links.entries {
            if context.links.canSend(over: link.id) { context.send(.goodbye(.shutdown), over: link.id) }
            context.close(link.id, .shutdown)
        }
    }
}

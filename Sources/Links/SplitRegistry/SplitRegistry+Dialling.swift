import Kernel
import Wire

extension SplitRegistry {
    public mutating func wanted(
        _ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context
    ) {
        noteBeatTargets(wishes, &context)
        var delay: Duration = .zero
        for wish in wishes where wish.endpoint.ip != context.endpoint.ip {
            guard !isTaken(wish.endpoint.ip), !isResting(wish.endpoint.ip, context) else { continue }
            let site = DialSite(pass: pass, isMasternode: wish.isMasternode)
            let isRefused = options.testedSites.contains(site) && !hasTurn(wish.endpoint, context)
            if isRefused, options.directionTest == .beforeTask {
                context.observe(.dialLeftToPeer(wish.endpoint, own: context.endpoint))
                continue
            }
            let number = state.nextTask
            state.nextTask += 1
            state.tasks[number] = DialTask(
                endpoint: wish.endpoint, identity: wish.identity, isMasternode: wish.isMasternode,
                isRefused: isRefused
            )
            if pass == .start, delay > .zero {
                context.schedule(Timer.dial(task: number), after: delay)
            } else {
                tryDial(number, &context)
            }
            delay += options.dialGap
        }
    }

    /// Whether the periodic pass takes an address for connected.
    private func isTaken(_ address: IPAddress) -> Bool {
        if state.outbound[address] != nil { return true }
        return options.bookkeeping == .bothDirections && state.inbound[address] != nil
    }

    private func isResting(_ address: IPAddress, _ context: borrowing Context) -> Bool {
        state.restUntil[address].map { context.now < $0 } ?? false
    }

    mutating func tryDial(_ number: UInt64, _ context: inout Context) {
        guard let task = state.tasks[number], task.link == nil else { return }
        let address = task.endpoint.ip
        let isLinkedInbound = state.inbound[address] != nil && options.retryStops == .linkedEitherWay
        guard state.outbound[address] == nil, !(isLinkedInbound && task.hasDialled) else {
            state.tasks[number] = nil
            return
        }
        if task.isRefused {
            // The dial routine returns without an error, and the wrapper reads that as a session that ended in order.
            context.observe(.dialLeftToPeer(task.endpoint, own: context.endpoint))
            context.schedule(Timer.dial(task: number), after: options.retryAfterEnd)
            return
        }
        let link = context.open(task.endpoint, expecting: task.identity)
        state.outbound[address] = link
        state.tasks[number]?.link = link
        state.tasks[number]?.isLinked = false
        state.tasks[number]?.hasDialled = true
    }

    public mutating func dialled(_ link: Link, _ context: inout Context) {
        if state.beats.contains(link.id) { return greet(link.id, &context) }
        guard let number = task(of: link.id) else { return }
        greet(link.id, &context)
        context.schedule(Timer.acknowledgement(task: number), after: options.acknowledgementWait)
    }

    private func greet(_ link: LinkID, _ context: inout Context) {
        let hello = Hello(
            version: Hello.currentVersion, network: context.network.name, identity: context.identity,
            incarnation: context.incarnation, dialSequence: 0, endedSequence: 0, listen: context.endpoint,
            nonce: context.randomBits()
        )
        context.observe(.handshakeBegun(link))
        context.send(.hello(hello), over: link)
    }

    public mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {
        state.beats.remove(link.id)
        guard let number = task(of: link.id) else { return }
        failed(number, &context)
    }

    /// The acknowledgement came, or ten seconds went by without: the dialler goes on all the same.
    mutating func linked(_ number: UInt64, _ context: inout Context) {
        guard let task = state.tasks[number], let id = task.link, !task.isLinked, let link = context.link(id) else {
            return
        }
        context.cancel(Timer.acknowledgement(task: number))
        state.tasks[number]?.isLinked = true
        state.tasks[number]?.errors = 0
        state.failures.removeValue(forKey: task.endpoint.ip)
        state.restUntil.removeValue(forKey: task.endpoint.ip)
        guard let peer = link.peer ?? task.identity else { return }
        state.addresses[peer] = task.endpoint.ip
        register(id, at: task.endpoint.ip, &context)
        context.markUp(id, peer: peer)
    }

    /// An error: the waits grow, and the task gives up in the end.
    mutating func failed(_ number: UInt64, _ context: inout Context) {
        guard var task = state.tasks[number] else { return }
        leaveOutbound(&task)
        rest(task.endpoint.ip, &context)
        task.errors += 1
        guard task.errors < (task.isMasternode ? options.masternodeAttempts : options.peerAttempts) else {
            state.tasks[number] = nil
            return
        }
        var wait = options.retryAfterError
        for _ in 1..<task.errors where wait < options.retryLimit { wait = wait * 2 }
        state.tasks[number] = task
        context.cancel(Timer.acknowledgement(task: number))
        context.schedule(Timer.dial(task: number), after: min(wait, options.retryLimit))
    }

    /// Counts a failure of an address; enough of them in a row, and every pass leaves it alone for a while.
    private mutating func rest(_ address: IPAddress, _ context: inout Context) {
        guard options.cooldown.growth != .none else { return }
        let failures = state.failures[address, default: 0] + 1
        state.failures[address] = failures
        if let pause = options.cooldown.pause(failures: failures) { state.restUntil[address] = context.now + pause }
    }

    /// An orderly end, which the wrapper takes for success: five seconds, and the count starts anew.
    mutating func endedInOrder(_ number: UInt64, _ context: inout Context) {
        guard var task = state.tasks[number] else { return }
        leaveOutbound(&task)
        task.errors = 0
        state.tasks[number] = task
        context.cancel(Timer.acknowledgement(task: number))
        context.schedule(Timer.dial(task: number), after: options.retryAfterEnd)
    }

    /// A sleeping task holds no mark: the periodic pass may start a second one beside it.
    private mutating func leaveOutbound(_ task: inout DialTask) {
        let isOurs = state.outbound[task.endpoint.ip] == task.link
        switch options.cleanup {
        case .ownSession: if isOurs { state.outbound.removeValue(forKey: task.endpoint.ip) }
        case .anySession: if isOurs || task.isLinked { state.outbound.removeValue(forKey: task.endpoint.ip) }
        case .none: if isOurs, !task.isLinked { state.outbound.removeValue(forKey: task.endpoint.ip) }
        }
        task.link = nil
        task.isLinked = false
    }

    func task(of link: LinkID) -> UInt64? {
        state.tasks.elements.first { $0.value.link == link }?.key
    }

    func hasTurn(_ peer: Endpoint, _ context: borrowing Context) -> Bool {
        if options.ownAddress == .unspecified, let turn = options.direction.dialsAsLowest { return turn }
        return options.direction.dials(
            from: DirectionRule.End(endpoint: context.endpoint, identity: nil),
            to: DirectionRule.End(endpoint: peer, identity: nil)
        )
    }
}

import Kernel
import Wire

// The driver of the stage's nodes: time, and what becomes of their effects.
extension LinksStage {
    func advance(_ duration: Duration) {
        let end = now + duration.nanoseconds
        while !isOver {
            let timer = nextTimer()
            if let next = parcels.first, next.time <= min(timer?.time ?? .max, end) {
                now = max(now, next.time)
                parcels.removeFirst()
                deliver(next.parcel)
            } else if let timer, timer.time <= end {
                now = max(now, timer.time)
                feed(.wake, to: timer.place)
            } else {
                now = end
                return
            }
        }
        watch.report(.boundedness, "the module keeps four nodes busy: \(events) events for a few hours")
    }

    private func nextTimer() -> (time: Int64, place: Int)? {
        var earliest: (time: Int64, place: Int)?
        for (index, place) in places.enumerated() where !place.isDown {
            guard let next = place.node.nextDeadline?.nanoseconds, next < earliest?.time ?? .max else { continue }
            earliest = (next, index)
        }
        return earliest
    }

    /// Parcels of the same moment arrive in the order in which they were posted.
    func post(_ parcel: Parcel, after delay: Int64) {
        let time = now + delay
        let index = parcels.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
        parcels.insert((time, parcel), at: index)
    }

    private func deliver(_ parcel: Parcel) {
        switch parcel {
        case .message(let line, let end, let message):
            guard arrives(line), let (place, link) = open(line, end) else { return }
            feed(.received(link, message), to: place)
        case .endOfStream(let line, let end):
            guard arrives(line), let (place, link) = open(line, end) else { return }
            lines[line].ends[end].hasHeardEnd = true
            feed(.ended(link, .endOfStream), to: place)
            post(.halfOpen(line: line, end: end), after: 1_000_000_000)
        case .failure(let line, let end, let reason):
            guard arrives(line) || reason == .timedOut, let place = lines[line].ends[end].place,
                !lines[line].ends[end].isClosed, !places[place].isDown
            else { return }
            lines[line].ends[end].hasHeardEnd = true
            let link = lines[line].ends[end].link
            feed(.ended(link, .failed(reason)), to: place)
            lines[line].ends[end].isClosed = true
        case .dial(let from, let start, let link, let endpoint, let timeout):
            dial(from, start, link, endpoint, timeout)
        case .opened(let line):
            guard let (place, link) = open(line, 0) else { return }
            lines[line].isOpenToDialler = true
            feed(.opened(link, identity: nil), to: place)
        case .halfOpen(let line, let end): judgeHalfOpen(line, end)
        case .answer(let place, let start, let input):
            if places[place].starts == start, !places[place].isDown { feed(input, to: place) }
        }
    }

    /// Whether what is under way on a line arrives; a line that loses something is broken.
    private func arrives(_ line: Int) -> Bool {
        let ends = lines[line].ends.compactMap(\.place)
        if ends.count == 2, isCut(ends[0], ends[1]) { lines[line].isBroken = true }
        return !lines[line].isBroken
    }

    private func isCut(_ first: Int, _ second: Int) -> Bool {
        cuts.contains { $0 == (min(first, second), max(first, second)) }
    }

    /// The node that still listens at an end of a line.
    private func open(_ line: Int, _ end: Int) -> (place: Int, link: LinkID)? {
        let entry = lines[line].ends[end]
        guard let place = entry.place, !entry.isClosed, !entry.isReadingStopped, !entry.hasHeardEnd,
            !places[place].isDown
        else { return nil }
        return (place, entry.link)
    }

    private func dial(_ from: Int, _ start: Int, _ link: LinkID, _ endpoint: Endpoint, _ timeout: Int64) {
        guard places[from].starts == start, !places[from].isDown, places[from].node.phase(of: link) != nil else {
            return
        }
        guard let other = places.firstIndex(where: { $0.endpoint == endpoint }), !isCut(from, other) else {
            post(
                .answer(place: from, start: start, .openFailed(link, .connectTimeout)), after: timeout - Self.latency
            )
            return
        }
        guard !places[other].isDown else {
            post(.answer(place: from, start: start, .openFailed(link, .connectionRefused)), after: Self.latency)
            return
        }
        // A caller's port is new each time.
        let remote = Endpoint(ip: places[from].endpoint.ip, port: UInt16(40_000 + lines.count % 20_000))
        let accepted = places[other].node.admit(from: remote, at: Instant(nanoseconds: now))
        lines.append(
            Line(
                ends: [
                    End(place: from, start: start, link: link),
                    End(place: other, start: places[other].starts, link: accepted),
                ]
            )
        )
        post(.opened(line: lines.count - 1), after: Self.latency)
        feed(.accepted(accepted, identity: nil), to: other)
    }

    func feed(_ input: Input, to place: Int) {
        guard !isOver else { return }
        events += 1
        let node = places[place].node
        let before = node.nextDeadline?.nanoseconds ?? .max
        node.handle(input, at: Instant(nanoseconds: now), wall: StageNetwork.wall(at: now))
        let effects = node.effects
        node.effects.removeAll(keepingCapacity: true)
        for effect in effects { carryOut(effect, place, input) }
        let after = node.nextDeadline?.nanoseconds ?? .max
        if after < now, before >= now {
            report(.legalUse, "a timer was set for \(Double(after) / 1e9) s, which has passed,\(watch.place)")
        }
        watch.endTurn(
            Turn(
                time: now, place: "node \(place)", input: input, callbacks: [], effects: effects,
                deadline: after == .max ? nil : after
            )
        )
        hash.add(UInt64(bitPattern: now), UInt64(place))
        hash.add(UInt64(bitPattern: after), UInt64(effects.count))
        judgeTurn(place)
    }

    private func carryOut(_ effect: Effect, _ place: Int, _ input: Input) {
        let start = places[place].starts
        switch effect {
        case .open(let link, let endpoint, _, let timeout):
            if endpoint == places[place].endpoint { report(.legalUse, "the module dials its own node") }
            post(
                .dial(from: place, start: start, link, endpoint, timeout: timeout.nanoseconds), after: Self.latency
            )
        case .send(let link, let message): send(message, over: link, place)
        case .shutdownWrite(let link):
            if let (line, end) = find(link, place) { post(.endOfStream(line: line, to: 1 - end), after: Self.latency) }
        case .stopReading(let link):
            if let (line, end) = find(link, place) { lines[line].ends[end].isReadingStopped = true }
        case .close(let link, _):
            guard let (line, end) = find(link, place), !lines[line].ends[end].isClosed else { return }
            lines[line].ends[end].isClosed = true
            post(.endOfStream(line: line, to: 1 - end), after: Self.latency)
        case .persist, .read:
            if let input = places[place].store.carryOut(effect) {
                post(.answer(place: place, start: start, input), after: 1_000_000)
            }
        case .verify(let checks, let token):
            post(.answer(place: place, start: start, .verified(token, StageSigner.verify(checks))), after: 1_000_000)
        case .resolve(let name, let token):
            post(
                .answer(place: place, start: start, .resolved(token, Stage.resolution(of: name))), after: 1_000_000
            )
        case .observe(let event): observe(event, place, input)
        case .socketOptions, .answer: break
        }
    }

    private func observe(_ event: Event, _ place: Int, _ input: Input) {
        watch.note(event)
        switch event {
        case .linkUp(let link, let peer, _, _):
            if peer == places[place].identity { report(.legalUse, "\(link) is up with the node itself") }
            if places[place].wasUp.contains(link) { report(.legalUse, "\(link) came up twice") }
            places[place].wasUp.append(link)
            judgeIdentity(link, peer, place)
        case .linkEnded(let link, _, _, let reason, .us, _, _): judgeEnd(link, reason, input, place)
        case .messageDropped(let link, .links, .notUp):
            report(.legalUse, "the module speaks over \(link.map { "\($0)" } ?? "no link"), which is not open")
        default: break
        }
    }

    /// The stage knows who is really at the other end.
    private func judgeIdentity(_ link: LinkID, _ peer: Identity, _ place: Int) {
        guard let (line, end) = find(link, place) else { return }
        let other = lines[line].ends[1 - end].place
        if other.map({ places[$0].identity }) != peer {
            let who = other.map { "node \($0)" } ?? "a stranger without a key"
            report(.identity, "\(link) is up with \(peer), and at its other end is \(who)")
        }
    }

    private func send(_ message: Message, over link: LinkID, _ place: Int) {
        hash.add(UInt64(bitPattern: now), link.number)
        hash.add(Stage.code(message), 1)
        if message.channel != .links {
            report(.legalUse, "the module sends on the channel '\(message.channel)', which is not its own")
        }
        switch message {
        case .goodbye(let reason): places[place].told.append((link, reason))
        case .helloAck(let ack): if let reason = ack.refusal { places[place].told.append((link, reason)) }
        default: break
        }
        guard let (line, end) = find(link, place), !lines[line].ends[end].isClosed else { return }
        post(.message(line: line, to: 1 - end, message), after: Self.latency)
    }
}

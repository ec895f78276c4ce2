import Kernel
import Wire

extension GlareWorld {
    /// Everything that is on its way and can arrive next, in a fixed order.
    var arrivals: [GlareEvent] {
        var events: [GlareEvent] = []
        // By name, as in the canonical form: what looks alike goes on alike.
        let live = connections.indices.filter {
            !connections[$0].isOver || !connections[$0].inbox[0].isEmpty || !connections[$0].inbox[1].isEmpty
        }
        for index in live.sorted(by: { connections[$0].name < connections[$1].name }) {
            let connection = connections[index]
            if !connection.isTaken, !connection.isOver { events.append(.accept(index)) }
            for host in 0...1 where !connection.inbox[host].isEmpty { events.append(.deliver(index, to: host)) }
        }
        for host in 0...1 where !hosts[host].answers.isEmpty { events.append(.answer(host)) }
        return events
    }

    /// The first of `arrivals` that an end hears.
    func firstArrival(at host: Int) -> GlareEvent? {
        var found: Int?
        for index in connections.indices {
            guard isAcceptable(index, by: host) || !connections[index].inbox[host].isEmpty else { continue }
            if let found, connections[found].name < connections[index].name { continue }
            found = index
        }
        guard let found else { return hosts[host].answers.isEmpty ? nil : .answer(host) }
        return isAcceptable(found, by: host) ? .accept(found) : .deliver(found, to: host)
    }

    private func isAcceptable(_ index: Int, by host: Int) -> Bool {
        !connections[index].isTaken && !connections[index].isOver && connections[index].dialler != host
    }

    /// Everything that can happen next, in a fixed order.
    package var possible: [GlareEvent] {
        var events = arrivals
        for host in 0...1 where hosts[host].node.nextDeadline != nil { events.append(.timer(host)) }
        for index in connections.indices {
            if allowance.failures > 0 { events.append(.fail(index)) }
            if allowance.silences > 0 { events.append(.silence(index)) }
            if allowance.losses > 0 { events += [.lose(index, at: 0), .lose(index, at: 1)] }
        }
        for host in 0...1 where allowance.restarts[host] > 0 { events.append(.restart(host)) }
        return events.filter { isPossible($0) }
    }

    /// Whether an event can happen now; a list of events that was shortened holds some that cannot.
    package func isPossible(_ event: GlareEvent) -> Bool {
        switch event {
        case .accept(let index), .fail(let index):
            connections.indices.contains(index) && !connections[index].isTaken && !connections[index].isOver
        case .deliver(let index, let host):
            connections.indices.contains(index) && !connections[index].inbox[host].isEmpty
        case .answer(let host): !hosts[host].answers.isEmpty
        case .timer(let host): hosts[host].node.nextDeadline != nil
        case .lose(let index, let host):
            connections.indices.contains(index) && connections[index].isTaken && !connections[index].isClosed[host]
        case .silence(let index):
            connections.indices.contains(index) && connections[index].isTaken && !connections[index].isOver
                && !connections[index].isSilent
        case .restart, .pass: true
        }
    }

    /// Lets an event happen.
    ///
    /// - Precondition: `isPossible(event)`.
    package mutating func perform(_ event: GlareEvent) {
        switch event {
        case .accept(let index): accept(index)
        case .fail(let index):
            allowance.failures -= 1
            let dialler = connections[index].dialler
            connections[index].isClosed = [true, true]
            if let link = connections[index].links[dialler] {
                feed(.openFailed(link, .connectTimeout), to: dialler, of: index)
            }
        case .deliver(let index, let host): deliver(index, to: host)
        case .answer(let host):
            let answer = hosts[host].answers.removeFirst()
            feed(answer.input, to: host, of: answer.connection)
        case .timer(let host): wake(host)
        case .lose(let index, let host):
            allowance.losses -= 1
            lose(index, at: host)
        case .silence(let index):
            allowance.silences -= 1
            connections[index].isSilent = true
            connections[index].inbox = [[], []]
        case .restart(let host):
            allowance.restarts[host] -= 1
            restart(host)
        case .pass(let milliseconds): pass(min(.milliseconds(milliseconds), nextTimer ?? .seconds(3600)))
        }
    }

    private mutating func accept(_ index: Int) {
        let host = 1 - connections[index].dialler
        own(host)
        // From its address and a port of its host's choice.
        let source = Endpoint(ip: setup.endpoint(1 - host).ip, port: 40_000)
        let link = hosts[host].node.admit(from: source, at: hosts[host].now)
        connections[index].isTaken = true
        connections[index].links[host] = link
        hosts[host].places.append((link, index))
        post(.opened, index, to: 1 - host)
        feed(.accepted(link, identity: nil), to: host, of: index)
    }

    private mutating func deliver(_ index: Int, to host: Int) {
        let item = connections[index].inbox[host].removeFirst()
        guard !connections[index].isClosed[host], let link = connections[index].links[host] else {
            // A host answers data of a connection that it does not know any more.
            if case .message = item, !connections[index].isClosed[1 - host] { post(.reset, index, to: 1 - host) }
            return
        }
        switch item {
        case .opened:
            connections[index].isOpen = true
            feed(.opened(link, identity: nil), to: host, of: index)
        case .message(let message): feed(.received(link, message), to: host, of: index)
        case .end: feed(.ended(link, .endOfStream), to: host, of: index)
        case .reset: lose(index, at: host, .reset)
        }
    }

    /// The host of one end says that a connection is gone.
    mutating func lose(_ index: Int, at host: Int, _ reason: Reason = .timedOut) {
        let isUnopened = connections[index].dialler == host && !connections[index].isOpen
        connections[index].isClosed[host] = true
        connections[index].inbox[host] = []
        guard let link = connections[index].links[host] else { return }
        feed(isUnopened ? .openFailed(link, reason) : .ended(link, .failed(reason)), to: host, of: index)
    }

    private mutating func wake(_ host: Int) {
        guard let deadline = hosts[host].node.nextDeadline else { return }
        hosts[host].now = max(hosts[host].now, deadline)
        feed(.wake, to: host)
    }

    /// How long until a timer of either end comes, where both clocks go on alike.
    var nextTimer: Duration? {
        hosts.compactMap { host in host.node.nextDeadline.map { max(.zero, $0 - host.now) } }.min()
    }

    /// Both clocks go on.
    mutating func pass(_ duration: Duration) {
        for host in 0...1 { hosts[host].now = hosts[host].now + duration }
        for host in 0...1 {
            if let deadline = hosts[host].node.nextDeadline, deadline <= hosts[host].now { feed(.wake, to: host) }
        }
    }
}

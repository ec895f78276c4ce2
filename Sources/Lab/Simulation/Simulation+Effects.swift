import Kernel
import Wire

extension Simulation {
    /// What one signature check takes, in nanoseconds.
    private static let verifyCost: Int64 = 80_000

    mutating func carryOut(_ effect: Effect, _ host: Int) {
        switch effect {
        case .send(let link, let message):
            if let socket = socket(of: link, host) { send(message, over: socket) }
        case .observe(let event): observe(event, host)
        case .open(let link, let endpoint, _, let timeout): dial(link, endpoint, timeout, host)
        case .shutdownWrite(let link):
            guard let socket = socket(of: link, host) else { return }
            shutDownWrite(socket)
            noteChange(socket)
        case .stopReading(let link):
            guard let socket = socket(of: link, host) else { return }
            sockets[socket].isReading = false
            noteChange(socket)
        case .close(let link, _):
            guard let socket = socket(of: link, host) else { return }
            noteChange(socket)
            close(socket)
        case .socketOptions(let link, let options):
            if let socket = socket(of: link, host) { apply(options, to: socket) }
        case .persist, .read, .verify, .resolve: serve(effect, host)
        // Nobody in a simulation hands transactions in from outside.
        case .answer: break
        }
    }

    private mutating func observe(_ event: Event, _ host: Int) {
        switch event {
        case .handshakeBegun, .blockProduced: collector.observe(event, host, in: self)
        case .linkUp(let link, let peer, _, _):
            collector.observe(event, host, in: self)
            noteUp(link, peer, host)
            if let place = place(of: link, host) { noteChange(place) }
        case .linkEnded(let link, _, _, _, _, _, _):
            collector.observe(event, host, in: self)
            // Also right after the link was closed.
            if let place = place(of: link, host) { noteChange(place) }
        default: collector.count(event, host, at: now)
        }
    }

    private mutating func serve(_ effect: Effect, _ host: Int) {
        switch effect {
        case .persist, .read: queue(effect, host)
        case .verify(let checks, let token):
            let verdicts = SignatureVerdicts(checks.map { signatures.holds($0) })
            answer(.verified(token, .checked(verdicts)), to: host, at: now + Self.verifyCost * Int64(checks.count))
        case .resolve(let name, let token):
            let wait = 2 * scenario.network.latency.upperBound.nanoseconds
            answer(.resolved(token, resolution(of: name)), to: host, at: now + wait)
        default: break
        }
    }

    /// The resolver of a simulated network knows its hosts by their names and where they are now, wherever files say they
    /// are. It is always there, and as far away as the furthest host.
    private func resolution(of name: String) -> Resolution {
        let named = hosts.filter { !$0.isStranger && $0.name.lowercased() == name }
        return Resolution(addresses: named.map(\.endpoint.ip))
    }

    /// Tells the process that runs now, and none that runs after it.
    mutating func answer(_ input: Input, to host: Int, at time: Int64) {
        let start = UInt32(truncatingIfNeeded: hosts[host].starts)
        events.push(.answer(host: Int32(host), start: start, input), at: time)
    }

    /// The socket a node's link stands for, nil once it is closed.
    @inline(__always) func socket(of link: LinkID, _ host: Int) -> Int? {
        guard let socket = place(of: link, host) else { return nil }
        return sockets[socket].link == link && sockets[socket].host == host ? socket : nil
    }

    /// The place that a node's link had, whatever is there now.
    @inline(__always) func place(of link: LinkID, _ host: Int) -> Int? {
        let number = Int(link.number)
        guard number < hosts[host].sockets.count, hosts[host].sockets[number] >= 0 else { return nil }
        return Int(hosts[host].sockets[number])
    }

    mutating func bind(_ link: LinkID, to socket: Int, _ host: Int) {
        let number = Int(link.number)
        while hosts[host].sockets.count <= number { hosts[host].sockets.append(-1) }
        hosts[host].sockets[number] = Int32(socket)
        sockets[socket].link = link
    }
}

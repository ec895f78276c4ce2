import Kernel
import Wire

extension Simulation {
    /// What the services of the driver take, in nanoseconds: one signature check, and one durable write.
    private static let verifyCost: Int64 = 80_000
    private static let persistCost: Int64 = 300_000

    /// - Returns: true when what can be delivered over some link may have changed.
    mutating func carryOut(_ effect: Effect, _ host: Int) -> Bool {
        switch effect {
        case .send(let link, let message):
            if let socket = socket(of: link, host) { send(message, over: socket) }
            return false
        case .observe(let event):
            return collector.observe(event, host, in: self)
        case .open(let link, let endpoint, _, let timeout):
            dial(link, endpoint, timeout, host)
            return false
        case .shutdownWrite(let link):
            if let socket = socket(of: link, host) { shutDownWrite(socket) }
            return true
        case .stopReading(let link):
            if let socket = socket(of: link, host) { sockets[socket].isReading = false }
            return true
        case .close(let link, _):
            if let socket = socket(of: link, host) { close(socket) }
            return true
        case .socketOptions(let link, let options):
            if let socket = socket(of: link, host) { apply(options, to: socket) }
            return false
        case .persist, .read, .verify:
            serve(effect, host)
            return false
        }
    }

    private mutating func serve(_ effect: Effect, _ host: Int) {
        let start = hosts[host].starts
        switch effect {
        case .persist(let batch, let token):
            var answer = Input.persisted(token)
            do { try hosts[host].store?.apply(batch) } catch { answer = .storeFailed(token, "\(error)") }
            events.push(.answer(host: host, start: start, answer), at: now + Self.persistCost)
        case .read(let query, let token):
            var answer = Input.rows(token, [])
            do { answer = .rows(token, try hosts[host].store?.rows(query) ?? []) } catch {
                answer = .storeFailed(token, "\(error)")
            }
            events.push(.answer(host: host, start: start, answer), at: now + Self.persistCost)
        case .verify(let checks, let token):
            var mask: UInt64 = 0
            for (bit, check) in checks.enumerated() where signatures.holds(check) { mask |= 1 << UInt64(bit) }
            let cost = Self.verifyCost * Int64(checks.count)
            events.push(.answer(host: host, start: start, .verified(token, mask: mask)), at: now + cost)
        default: break
        }
    }

    /// The socket a node's link stands for, nil once it is closed.
    func socket(of link: LinkID, _ host: Int) -> Int? {
        let number = Int(link.number)
        guard number < hosts[host].sockets.count, hosts[host].sockets[number] >= 0 else { return nil }
        let socket = Int(hosts[host].sockets[number])
        return sockets[socket].link == link && sockets[socket].host == host ? socket : nil
    }

    mutating func bind(_ link: LinkID, to socket: Int, _ host: Int) {
        let number = Int(link.number)
        while hosts[host].sockets.count <= number { hosts[host].sockets.append(-1) }
        hosts[host].sockets[number] = Int32(socket)
        sockets[socket].link = link
    }
}

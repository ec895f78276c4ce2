import Kernel

// Which segments get through.
extension Simulation {
    /// Whether a segment of this socket gets to the other host now. One that does keeps the connection's place in the
    /// address translators on the way.
    mutating func reaches(_ socket: Int) -> Bool {
        let (from, to) = (sockets[socket].host, sockets[socket ^ 1].host)
        guard !paths.isBlocked(from: from, to: to) else { return false }
        guard let life = paths.mappingLife(from, to) else { return true }
        let keeper = socket & ~1
        guard now - sockets[keeper].mappedAt <= life else { return false }
        sockets[keeper].mappedAt = now
        return true
    }

    /// The same without a segment.
    @inline(__always) func wouldReach(_ socket: Int) -> Bool {
        let (from, to) = (sockets[socket].host, sockets[socket ^ 1].host)
        guard !paths.isBlocked(from: from, to: to) else { return false }
        guard let life = paths.mappingLife(from, to) else { return true }
        return now - sockets[socket & ~1].mappedAt <= life
    }

    /// Whether somebody acknowledges in the name of the host that this socket talks to.
    @inline(__always) func isProxied(_ socket: Int) -> Bool { paths.isProxied(sockets[socket ^ 1].host) }

    /// When this socket's next segment is at the other host, if it leaves now: behind what the host's uplink still has to
    /// send, and never before an earlier one.
    mutating func arrival(of socket: Int, bytes: Int) -> Int64 {
        var departure = now
        if let bandwidth = scenario.network.bandwidth {
            let host = sockets[socket].host
            departure = max(now, hosts[host].uplinkFreeAt) + bandwidth.nanoseconds(for: bytes)
            hosts[host].uplinkFreeAt = departure
        }
        let arrival = max(departure + segmentDelay(socket, at: departure), sockets[socket].arrivalFloor)
        sockets[socket].arrivalFloor = arrival
        return arrival
    }

    /// Nanoseconds that this socket's next segment takes; nil where it gets lost. For requests and their answers, which
    /// the dialler's kernel repeats at its own times.
    mutating func tryDelay(_ socket: Int) -> Int64? {
        sockets[socket].segments += 1
        return paths.tryDelay(
            base: sockets[socket].latency, from: sockets[socket].host, to: sockets[socket ^ 1].host,
            connection: sockets[socket].connection, segment: sockets[socket].segments, departure: now
        )
    }

    /// Nanoseconds that this socket's next segment takes, lost tries included, if it leaves now.
    mutating func segmentDelay(_ socket: Int) -> Int64 { segmentDelay(socket, at: now) }

    private mutating func segmentDelay(_ socket: Int, at departure: Int64) -> Int64 {
        sockets[socket].segments += 1
        return paths.delay(
            base: sockets[socket].latency, from: sockets[socket].host, to: sockets[socket ^ 1].host,
            connection: sockets[socket].connection, segment: sockets[socket].segments, departure: departure
        )
    }

    /// Whether a segment of this socket that would arrive now was sent, for the last time, into a path that was cut by then:
    /// it was lost before, or waited for the host's uplink.
    func wasSentIntoCut(_ socket: Int) -> Bool {
        let (from, to) = (sockets[socket].host, sockets[socket ^ 1].host)
        guard let since = paths.blockedSince(from: from, to: to) else { return false }
        return now - paths.longest(base: sockets[socket].latency, from: from, to: to) > since
    }
}

import Kernel

// Machines without power and processes that end; what is left of them, and how they come back.
extension Simulation {
    /// - Parameters:
    ///   - poweredAt: when its kernel is there again.
    ///   - end: when a process works on it again.
    mutating func losePower(_ host: Int, poweredAt: Int64, until end: Int64) {
        let wasDown = !hosts[host].power.isAlive
        hosts[host].poweredAt = hosts[host].power == .off ? max(hosts[host].poweredAt, poweredAt) : poweredAt
        if poweredAt != .max { events.push(.powered(host: Int32(host)), at: poweredAt) }
        loseAcknowledgements(of: host)
        for socket in sockets.indices where sockets[socket].host == host && sockets[socket].phase != .free {
            // A dial that nobody has answered has no other end yet.
            if sockets[socket].phase == .connecting, sockets[socket ^ 1].phase == .free {
                sockets[socket ^ 1].phase = .closed
            }
            sockets[socket].phase = .closed
            sockets[socket].giveUp()
            release(socket)
        }
        hosts[host].sleepingTimers = []
        hosts[host].uplinkFreeAt = now
        stopProcess(host, power: .off)
        hosts[host].backAt = wasDown ? max(hosts[host].backAt, end) : end
    }

    /// The kernel is up, and refuses dials until a process works.
    mutating func powerReturns(_ host: Int) {
        if hosts[host].power == .off, now >= hosts[host].poweredAt { hosts[host].power = .idle }
    }

    /// The kernel of the host ends what the process had open.
    mutating func kill(_ host: Int, until end: Int64) {
        guard hosts[host].power != .off else {
            hosts[host].backAt = max(hosts[host].backAt, end)
            return
        }
        let wasDown = !hosts[host].power.isAlive
        // Who ends the process of a machine that sleeps has woken it: its kernel goes on.
        if hosts[host].power == .suspended { startClocks(of: host) }
        for socket in openSockets(of: host) {
            // What the kernel had not taken went with the process.
            sockets[socket].driver?.abandon()
            close(socket)
        }
        stopProcess(host, power: .idle)
        hosts[host].backAt = wasDown ? max(hosts[host].backAt, end) : end
    }

    private mutating func stopProcess(_ host: Int, power: VirtualHost.Power) {
        abandonDisk(of: host)
        hosts[host].power = power
        hosts[host].node = nil
        hosts[host].inbox = []
        hosts[host].work = []
        hosts[host].isWakeQueued = false
        hosts[host].stalledUntil = 0
        hosts[host].asleepUntil = 0
        hosts[host].wakeAt = .max
        if !profile(of: host).storeOutlivesProcess { hosts[host].store = nil }
        collector.setHealthy(host, false, at: now)
        collector.stopped(host, at: now, in: self)
    }

    mutating func bringBack(_ host: Int) {
        guard !hosts[host].power.isAlive, now >= hosts[host].backAt else { return }
        hosts[host].power = .idle
        collector.setHealthy(host, true, at: now)
        events.push(.start(host: host), at: max(now, hosts[host].firstStartAt))
    }

    func openSockets(of host: Int) -> [Int] {
        sockets.indices.filter {
            sockets[$0].host == host && (sockets[$0].phase == .open || sockets[$0].phase == .connecting)
        }
    }
}

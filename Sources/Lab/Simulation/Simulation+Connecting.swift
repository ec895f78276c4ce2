import Kernel
import Wire

extension Simulation {
    mutating func dial(_ link: LinkID, _ endpoint: Endpoint, _ timeout: Duration, _ host: Int) {
        let socket = makePair(dialler: host)
        bind(link, to: socket, host)
        noteHeld(host)
        sockets[socket].phase = .connecting
        if let target = hostAt[endpoint] {
            sockets[socket ^ 1].host = target
            let latency = paths.baseLatency(host, target)
            sockets[socket].latency = latency
            sockets[socket ^ 1].latency = latency
        } else {
            sockets[socket ^ 1].host = -1
        }
        sendRequest(socket)
        arm(.connectTimeout, socket, at: now + timeout.nanoseconds)
    }

    private mutating func makePair(dialler host: Int) -> Int {
        connections += 1
        let socket: Int
        if let free = freePairs.popLast() {
            socket = free
        } else {
            socket = sockets.count
            sockets.append(VirtualSocket())
            sockets.append(VirtualSocket())
        }
        let generation = sockets[socket].generation &+ 1
        for place in [socket, socket + 1] {
            sockets[place] = VirtualSocket()
            sockets[place].generation = generation
            sockets[place].connection = connections
        }
        sockets[socket].host = host
        sockets[socket].isDialler = true
        return socket
    }

    private mutating func sendRequest(_ socket: Int) {
        let (from, to) = (sockets[socket].host, sockets[socket ^ 1].host)
        guard case .send(let wait) = sockets[socket].openOutbox().request.fire(at: ownTime(of: from).nanoseconds)
        else {
            return failDial(socket, .timedOut)
        }
        let generation = sockets[socket].generation
        if to >= 0, paths.answer(from: from, to: to) == nil, !paths.dropsRequests(to: to) {
            sockets[socket & ~1].mappedAt = now
            if let delay = tryDelay(socket) {
                events.push(.request(socket: socket, generation: generation), at: now + delay)
            }
        } else if to >= 0, paths.answer(from: from, to: to) ?? .silence != .silence {
            events.push(.refused(socket: socket, generation: generation), at: now + 2 * sockets[socket].latency)
        }
        arm(.request, socket, at: firing(socket, after: wait))
    }

    mutating func retryRequest(_ socket: Int) {
        if sockets[socket].phase == .connecting { sendRequest(socket) }
    }

    mutating func requestArrives(_ socket: Int, _ generation: UInt32) {
        guard isCurrent(socket, generation), sockets[socket].phase == .connecting else { return }
        let acceptor = socket ^ 1
        let target = sockets[acceptor].host
        // A second request while the answer to the first is under way opens nothing more.
        guard hosts[target].power.isOn, sockets[acceptor].phase != .open else { return }
        // An answer that is lost is as good as a request that was: the dialler's next one is answered as the first was.
        guard reaches(acceptor), let answerDelay = tryDelay(acceptor) else { return }
        guard hosts[target].power.isAlive else {
            events.push(.refused(socket: socket, generation: generation), at: now + answerDelay)
            return
        }
        // The kernel completes the handshake whether or not the process runs, until its queue is full: then it is silent.
        guard hosts[target].power == .running || hosts[target].waitingAccepts < scenario.network.backlog else { return }
        sockets[acceptor].phase = .open
        sockets[acceptor].lastHeard = now
        let roundTrip = segmentDelay(acceptor) + segmentDelay(socket)
        let extra = Int64(profile(of: target).transport.security.extraRoundTrips) * roundTrip
        let openAt = now + answerDelay + extra
        let takenAt = openAt + segmentDelay(socket)
        sockets[socket].arrivalFloor = takenAt
        events.push(.connected(socket: socket, generation: generation), at: openAt)
        events.push(.taken(socket: acceptor, generation: generation), at: takenAt)
    }

    mutating func connected(_ socket: Int, _ generation: UInt32) {
        guard isCurrent(socket, generation), sockets[socket].phase == .connecting, let link = sockets[socket].link
        else { return }
        sockets[socket].phase = .open
        sockets[socket].closeOutbox()
        sockets[socket].lastHeard = now
        deliver(.opened(link, identity: provenIdentity(of: socket ^ 1)), to: sockets[socket].host)
    }

    mutating func refused(_ socket: Int, _ generation: UInt32) {
        guard isCurrent(socket, generation), sockets[socket].phase == .connecting else { return }
        failDial(socket, .connectionRefused)
    }

    mutating func connectTimedOut(_ socket: Int) {
        if sockets[socket].phase == .connecting { failDial(socket, .connectTimeout) }
    }

    private mutating func failDial(_ socket: Int, _ reason: Reason) {
        guard let link = sockets[socket].link else { return }
        sockets[socket].phase = .closed
        sockets[socket ^ 1].phase = .closed
        release(socket)
        deliver(.openFailed(link, reason), to: sockets[socket].host)
    }

    mutating func taken(_ socket: Int, _ generation: UInt32) {
        guard isCurrent(socket, generation), sockets[socket].phase == .open else { return }
        let host = sockets[socket].host
        switch hosts[host].power {
        case .running: takeIn(socket)
        case .stalled, .suspended: hosts[host].inbox.append(.accept(socket: socket, generation: generation))
        case .idle, .off: break
        }
    }

    mutating func takeIn(_ socket: Int) {
        let host = sockets[socket].host
        guard let node = hosts[host].node else { return }
        let dialler = sockets[socket ^ 1].host
        let source = Endpoint(ip: hosts[dialler].endpoint.ip, port: UInt16(32_768 + socket / 2 % 28_000))
        let link = node.admit(from: source, at: ownTime(of: host))
        record(admitted: link, from: source, host)
        bind(link, to: socket, host)
        noteHeld(host)
        deliver(.accepted(link, identity: provenIdentity(of: socket ^ 1)), to: host)
    }

    /// What TLS would have proven of this end.
    private func provenIdentity(of socket: Int) -> Identity? {
        let host = sockets[socket].host
        return profile(of: host).transport.security == .tls ? hosts[host].identity : nil
    }

    @inline(__always) func isCurrent(_ socket: Int, _ generation: UInt32) -> Bool {
        sockets[socket].generation == generation
    }

    /// Gives the pair's places back once neither end needs them.
    mutating func release(_ socket: Int) {
        let pair = socket & ~1
        guard sockets[pair].phase == .closed, sockets[pair + 1].phase == .closed,
            !sockets[pair].isHeldUp, !sockets[pair + 1].isHeldUp
        else { return }
        sockets[pair].phase = .free
        sockets[pair + 1].phase = .free
        sockets[pair].link = nil
        sockets[pair + 1].link = nil
        sockets[pair].closeOutbox()
        sockets[pair + 1].closeOutbox()
        freePairs.append(pair)
    }
}

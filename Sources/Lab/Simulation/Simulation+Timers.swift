import Kernel
import Wire

// Timers of each host's TCP.
extension Simulation {
    mutating func fire(_ timer: SocketTimer) {
        let socket = Int(timer.socket)
        switch timer.kind {
        case .request: retryRequest(socket)
        case .connectTimeout: connectTimedOut(socket)
        case .retransmission: retransmit(socket)
        case .keepalive: keepalive(socket, timer.round)
        case .windowProbe: probeWindow(socket, timer.round)
        case .writeDeadline: writeDeadlinePassed(socket, timer.round)
        case .hostSilence: judgeSilence(socket, timer.round)
        }
    }

    mutating func arm(_ kind: SocketTimer.Kind, _ socket: Int, round: UInt32 = 0, at time: Int64) {
        let timer = SocketTimer(
            kind: kind, socket: Int32(socket), generation: sockets[socket].generation, round: round,
            slept: hosts[sockets[socket].host].slept
        )
        events.push(.timer(timer), at: time)
    }

    /// When a timer of this socket's kernel fires that is set now.
    func firing(_ socket: Int, after delay: Int64) -> Int64 {
        hosts[sockets[socket].host].wheel.firing(setAt: now, after: delay)
    }

    /// The clock that the timers of this socket's kernel go by.
    private func ownTime(ofSocket socket: Int) -> Int64 { ownTime(of: sockets[socket].host).nanoseconds }

    mutating func apply(_ options: SocketOptions, to socket: Int) {
        guard sockets[socket].phase == .open else { return }
        sockets[socket].userTimeout = options.userTimeout.map(\.nanoseconds)
        setWriteDeadline(options.writeDeadline?.nanoseconds, socket)
        setHostSilence(options.hostSilence?.nanoseconds, socket)
        guard let keepalive = options.keepalive else {
            sockets[socket].keepalive = nil
            return
        }
        let timer = KeepaliveTimer(keepalive, userTimeout: options.userTimeout)
        sockets[socket].keepalive = timer
        armKeepalive(socket, after: timer.idle)
    }

    private mutating func armKeepalive(_ socket: Int, after delay: Int64) {
        sockets[socket].keepaliveRound &+= 1
        arm(.keepalive, socket, round: sockets[socket].keepaliveRound, at: firing(socket, after: delay))
    }

    private mutating func keepalive(_ socket: Int, _ round: UInt32) {
        let peer = socket ^ 1
        settleAcknowledgement(by: peer)
        guard sockets[socket].phase == .open, sockets[socket].keepaliveRound == round,
            var timer = sockets[socket].keepalive
        else { return }
        let step = timer.fire(
            silence: max(0, now - sockets[socket].lastHeard),
            hasUnacknowledgedData: sockets[socket].isHeldUp || sockets[peer].acknowledgement.isHeldBack
        )
        sockets[socket].keepalive = timer
        switch step {
        case .wait(let delay): armKeepalive(socket, after: delay)
        case .probe(let next):
            sendProbe(socket)
            // Also where the answer is an RST: it may find this machine asleep.
            armKeepalive(socket, after: next)
        case .giveUp: abort(socket, .timedOut)
        }
    }

    private mutating func sendProbe(_ socket: Int) {
        let peer = socket ^ 1
        if paths.answer(from: sockets[socket].host, to: sockets[peer].host) == .reset {
            events.push(
                .reset(socket: socket, generation: sockets[socket].generation), at: now + 2 * sockets[socket].latency
            )
            return
        }
        let isThere = hosts[sockets[peer].host].power.isOn && reaches(socket)
        guard isThere, reaches(peer) else {
            // Lost, or its answer is: a probe carries no data, so nothing is sent again but the next probe.
            if isProxied(socket) { heardAnswer(socket) }
            return
        }
        // The end that is probed learns nothing: its kernel answers and drops the probe, which lies before its window
        // (`tcp_validate_incoming`). So both ends of an idle connection probe.
        if sockets[peer].phase == .open { heardAnswer(socket) } else { sendReset(to: socket) }
    }

    // MARK: Unacknowledged data

    mutating func startRetransmission(_ socket: Int) {
        guard sockets[socket].retransmission == nil, !sockets[socket].isGone else { return }
        let roundTrip = 2 * sockets[socket].latency
        let timer = Retransmission(roundTrip: roundTrip)
        sockets[socket].retransmission = timer
        arm(.retransmission, socket, at: firing(socket, after: timer.firstDelay(roundTrip: roundTrip)))
        startWriteDeadline(socket)
    }

    private mutating func retransmit(_ socket: Int) {
        guard var timer = sockets[socket].retransmission else { return }
        // A socket that no process holds is given up after fewer tries (`tcp_orphan_retries`).
        let limit = scenario.network.tcpRetries
        let retries = sockets[socket].phase == .closed ? min(8, limit) : limit
        let step = timer.fire(
            at: ownTime(ofSocket: socket), userTimeout: sockets[socket].userTimeout, retries: retries
        )
        sockets[socket].retransmission = timer
        guard case .sendAgain(let next) = step else {
            let wasOpen = sockets[socket].phase == .open
            sockets[socket].retransmission = nil
            if wasOpen { abort(socket, .timedOut) } else { release(socket) }
            return
        }
        if !retransmissionSucceeds(socket) { arm(.retransmission, socket, at: firing(socket, after: next)) }
    }

    /// Sends everything again. True when it was acknowledged, or when the answer was an RST.
    private mutating func retransmissionSucceeds(_ socket: Int) -> Bool {
        let peer = socket ^ 1
        guard hosts[sockets[peer].host].power.isOn, reaches(socket) else { return false }
        let isAnswered = reaches(peer)
        guard sockets[peer].phase == .open else {
            guard isAnswered else { return false }
            if sockets[socket].phase == .open {
                sendReset(to: socket)
                return false
            }
            sockets[socket].retransmission = nil
            release(socket)
            return true
        }
        if isAnswered { sockets[socket].retransmission = nil }
        // What is held up stays queued while the answers are lost; it does arrive.
        let isHeld = sockets[socket].retransmission
        sockets[socket].retransmission = nil
        flush(socket, makesRoom: isAnswered)
        if let isHeld { sockets[socket].retransmission = isHeld }
        if isAnswered {
            sockets[socket].lastHeard = max(sockets[socket].lastHeard, now + 2 * sockets[socket].latency)
            sockets[socket].keepalive?.heard()
            if sockets[socket].phase == .closed { release(socket) }
        }
        return isAnswered
    }

    // MARK: A receiver without room

    mutating func startProbing(_ socket: Int) {
        guard sockets[socket].zeroWindow == nil, !sockets[socket].isGone else { return }
        let timer = ZeroWindow(roundTrip: 2 * sockets[socket].latency)
        sockets[socket].zeroWindow = timer
        sockets[socket].openOutbox().windowRound &+= 1
        armWindowProbe(socket, after: timer.firstDelay)
        startWriteDeadline(socket)
    }

    private mutating func armWindowProbe(_ socket: Int, after delay: Int64) {
        guard let outbox = sockets[socket].outbox else { return }
        arm(.windowProbe, socket, round: outbox.windowRound, at: firing(socket, after: delay))
    }

    private mutating func probeWindow(_ socket: Int, _ round: UInt32) {
        guard sockets[socket].outbox?.windowRound == round, var timer = sockets[socket].zeroWindow else { return }
        let peer = socket ^ 1
        let isHeard = hosts[sockets[peer].host].power.isOn && reaches(socket) && reaches(peer)
        if isHeard, sockets[peer].phase != .open {
            guard sockets[socket].phase == .open else {
                sockets[socket].zeroWindow = nil
                return release(socket)
            }
            sendReset(to: socket)
        }
        if isHeard, sockets[peer].phase == .open, sockets[peer].unread == 0 {
            return windowOpens(socket, sockets[socket].generation)
        }
        let step = timer.fire(
            at: ownTime(ofSocket: socket), userTimeout: sockets[socket].userTimeout,
            retries: scenario.network.tcpRetries
        )
        if isHeard {
            timer.answered()
            sockets[socket].lastHeard = max(sockets[socket].lastHeard, now + 2 * sockets[socket].latency)
        }
        sockets[socket].zeroWindow = timer
        switch step {
        case .probe(let next): armWindowProbe(socket, after: next)
        case .giveUp:
            let wasOpen = sockets[socket].phase == .open
            sockets[socket].zeroWindow = nil
            if wasOpen { abort(socket, .timedOut) } else { release(socket) }
        }
    }

    /// The process behind this socket has read: its kernel says that there is room again.
    mutating func announceRoom(_ receiver: Int) {
        sockets[receiver].unread = 0
        let sender = receiver ^ 1
        guard sockets[sender].zeroWindow != nil, reaches(receiver) else { return }
        events.push(
            .windowOpens(socket: sender, generation: sockets[sender].generation), at: now + segmentDelay(receiver)
        )
    }

    mutating func windowOpens(_ socket: Int, _ generation: UInt32) {
        guard isCurrent(socket, generation), sockets[socket].zeroWindow != nil else { return }
        sockets[socket].zeroWindow = nil
        flush(socket, makesRoom: true)
        if sockets[socket].phase == .closed { release(socket) }
    }
}

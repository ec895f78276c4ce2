import CSocket
import Kernel
import NIOCore
import SystemErrors
import Wire

// What the driver measures beside the node's own work, for the status: a timer that sees whether the loop runs, and, when
// somebody asks, questions to the host's TCP. Neither reaches the node.
extension HostDriver {
    /// The period of the timer. A stall is seen to within it; two turns of the loop a second are not to be felt.
    static let pulsePeriod: Duration = .milliseconds(500)

    /// Begins to measure.
    func beginPulse() { armPulse(for: clock.now + Self.pulsePeriod) }

    private func armPulse(for due: Instant) {
        guard case .running = phase, let deadline = clock.deadline(due) else { return }
        pulse = loop.assumeIsolated().scheduleTask(deadline: deadline) { self.beat(due: due) }
    }

    func beat(due: Instant) {
        pulse = nil
        let now = clock.now
        loopStatus.note(late: now - due, wall: clock.wall)
        if let summary = refusals.summary(at: now) { observe(.note(.warning, summary)) }
        renewCertificate()
        if let node { publishNow(node) }
        armPulse(for: now + Self.pulsePeriod)
    }

    /// Makes the next certificate in time. By the wall clock, which goes on while the machine sleeps.
    func renewCertificate() {
        guard let renewal = security?.renewal, clock.wall >= renewal else { return }
        do {
            try security?.renew(now: clock.wall)
            counters.door.certificates += 1
            observe(.note(.info, "made the next certificate; links that are up stay"))
        } catch {
            observe(
                .note(.error, "no certificate can be made, and the old one ends soon: \(SystemErrorText.of(error))"))
        }
    }

    /// Publishes what the host's TCP says of every link that is up, unless that was done a moment ago. Then calls `end`, as
    /// it does where the host does not run.
    func surveyLinks(then end: @escaping () -> Void) {
        guard case .running = phase, survey.isUnderWay || !survey.isFresh(at: clock.now) else { return end() }
        if survey.await(end) { continueSurvey() }
    }

    private func continueSurvey() {
        guard let node, survey.isUnderWay else { return }
        let now = clock.now
        let isMore = survey.takeSlice(of: node.table.entries) { link in
            guard let connection = connections[link.id] else { return nil }
            return LinkMeasurement(
                link: link.id, incarnation: connection.incarnation,
                path: SocketPath.measure(connection, now: now)
            )
        }
        if isMore {
            loop.assumeIsolated().scheduleTask(in: LinkSurvey.pause) { self.continueSurvey() }
        } else {
            let waiting = survey.finish(at: now)
            publishNow(node)
            for end in waiting { end() }
        }
    }
}

/// Reads what the host's TCP has measured on a socket.
enum SocketPath {
    /// What the system says of a connection; nil where it does not tell, or the socket is closed, which the link's end is
    /// about to say.
    static func read(_ connection: LinkConnection) -> socket_path? {
        guard let channel = connection.channel else { return nil }
        var path = socket_path()
        var result: CInt = -1
        do {
            try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
                result = socket_measure($0, &path)
            }
        } catch {
            return nil
        }
        return result == 0 ? path : nil
    }

    /// - Returns: nil where the system does not tell, or has measured no round trip yet.
    static func measure(_ connection: LinkConnection, now: Instant) -> LinkMeasurement.Path? {
        guard let path = read(connection), path.round_trip_us > 0 else { return nil }
        let latest = LinkMeasurement.Path.Calm(
            roundTrip: .microseconds(Int64(path.round_trip_us)), variation: .microseconds(Int64(path.variation_us))
        )
        let calm = connection.calm.map { $0.roundTrip <= latest.roundTrip ? $0 : latest } ?? latest
        connection.calm = calm
        let silence = min(path.data_age_ms, path.acknowledgement_age_ms)
        return LinkMeasurement.Path(
            roundTrip: latest.roundTrip, variation: latest.variation,
            leastRoundTrip: .microseconds(Int64(min(path.least_round_trip_us, path.round_trip_us))), calm: calm,
            segmentsSent: path.segments_sent, retransmitted: path.retransmitted,
            heardAt: Instant(nanoseconds: now.nanoseconds - Int64(silence) * 1_000_000)
        )
    }
}

extension LinkConnection {
    /// Notes which process of the other end a message of the handshake names.
    func noteIncarnation(in message: Message) {
        switch message {
        case .hello(let hello): incarnation = hello.incarnation
        case .helloAck(let ack): incarnation = ack.incarnation
        default: break
        }
    }
}

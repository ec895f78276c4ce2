import Kernel
import Wire

// Acknowledgements, which are no events: what one changes at the sender is worked out when it is known to go out, or when
// somebody asks.
extension Simulation {
    /// The receiver's kernel answers at once; where the answer cannot get back, the sender counts its data as lost.
    mutating func acknowledge(_ sender: Int) {
        let receiver = sender ^ 1
        sockets[receiver].lastHeard = now
        if reaches(receiver) { heardAnswer(sender) } else { startRetransmission(sender) }
    }

    /// The receiver's kernel has taken data in order, and answers at once or holds its answer back.
    mutating func acknowledge(_ segment: Segment, of sender: Int) {
        let receiver = sender ^ 1
        settleAcknowledgement(by: receiver)
        let timeout = Retransmission.minimumTimeout + 2 * sockets[receiver].latency
        let wheel = hosts[sockets[receiver].host].wheel
        let isAtOnce = sockets[receiver].acknowledgement.received(
            bytes: segment.bytes, continues: segment.number > sockets[sender].batchStart, at: now,
            timeout: timeout,
            dueAt: wheel.firing(setAt: now, after: DelayedAcknowledgement.longest)
        )
        if isAtOnce { return acknowledge(sender) }
        sockets[receiver].lastHeard = now
        guard reaches(receiver) else {
            sockets[receiver].acknowledgement.lose()
            return startRetransmission(sender)
        }
        // The translators on the way will see it too.
        if paths.hasTranslators { sockets[sender & ~1].mappedAt = sockets[receiver].acknowledgement.dueAt }
    }

    /// An acknowledgement of this end that was held back may have gone out meanwhile: the other end has heard it.
    mutating func settleAcknowledgement(by receiver: Int) {
        guard let sentAt = sockets[receiver].acknowledgement.settle(at: now) else { return }
        let sender = receiver ^ 1
        sockets[sender].lastHeard = max(sockets[sender].lastHeard, sentAt + sockets[sender].latency)
        sockets[sender].keepalive?.heard()
    }

    mutating func heardAnswer(_ socket: Int) {
        sockets[socket].lastHeard = max(sockets[socket].lastHeard, now + sockets[socket].latency)
        sockets[socket].keepalive?.heard()
    }

    /// Something has happened to hosts or paths: what was held back and cannot get through any more leaves its data
    /// unacknowledged.
    mutating func loseAcknowledgements() {
        for receiver in sockets.indices where sockets[receiver].acknowledgement.isHeldBack {
            settleAcknowledgement(by: receiver)
            guard sockets[receiver].acknowledgement.isHeldBack,
                !hosts[sockets[receiver].host].power.isOn || !wouldReach(receiver)
            else { continue }
            loseAcknowledgement(by: receiver)
        }
    }

    /// The host is about to lose its power, and with it what it was to acknowledge.
    mutating func loseAcknowledgements(of host: Int) {
        for receiver in sockets.indices where sockets[receiver].host == host {
            settleAcknowledgement(by: receiver)
            if sockets[receiver].acknowledgement.isHeldBack { loseAcknowledgement(by: receiver) }
        }
    }

    private mutating func loseAcknowledgement(by receiver: Int) {
        sockets[receiver].acknowledgement.lose()
        if sockets[receiver].phase != .free, sockets[receiver ^ 1].phase == .open { startRetransmission(receiver ^ 1) }
    }
}

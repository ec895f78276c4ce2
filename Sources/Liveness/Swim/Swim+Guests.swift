import Kernel
import Wire

// Peers that nobody has asked for: strangers that dialled us.

extension Swim {
    /// The other end of a link that is no member. It is probed directly and judged by that alone; what it says of others
    /// goes unheard, it is asked for nothing, and nothing about members is told to it.
    ///
    /// We may be a member to it, who has dialled us: its doubts about us are answered, to it.
    struct Guest: Codable, Sendable {
        var link: LinkID
        /// The number of the newest probe, while it is unanswered.
        var asked: UInt64?
        /// The number of the newest probe that it answered.
        var answered: UInt64?
        /// Probes in a row that had no answer.
        var misses = 0
        /// It has suspected us, and our word on that is due.
        var isOwedWord = false
    }

    /// Probes in a row that a guest may leave unanswered where `link_misses` is unset: there is nobody to ask of it.
    private static let guestMisses = 5
    /// Periods in which all guests are probed, however many there are.
    private static let guestPeriods = 10

    /// Probes the guests whose turn it is; those that have left the one before unanswered are judged first. Their silence
    /// says nothing of our own health.
    mutating func probeGuests(_ context: inout Context) {
        var turns = (state.guests.count + Self.guestPeriods - 1) / Self.guestPeriods
        while turns > 0, let (peer, guest) = state.guests.elements.first {
            turns -= 1
            var guest = guest
            guest.misses = guest.asked == nil ? 0 : guest.misses + 1
            state.guests.removeFirst()
            state.sequence &+= 1
            guest.asked = state.sequence
            state.guests[peer] = guest
            if guest.misses >= options.linkMisses ?? Self.guestMisses {
                context.declareDead(guest.link, .silent)
            } else {
                say(.probe, state.sequence, to: peer, &context)
            }
        }
    }

    /// However late an answer is, it has come over this link, in answer to what went over it: a stranger far away is not
    /// cut because the next probe was faster.
    mutating func guestAnswered(_ sequence: UInt64, by peer: Identity) {
        guard let guest = state.guests[peer], let asked = guest.asked, sequence <= asked,
            sequence > (guest.answered ?? 0)
        else { return }
        state.guests[peer]?.answered = sequence
        state.guests[peer]?.misses = 0
        if sequence == asked { state.guests[peer]?.asked = nil }
    }

    mutating func receivedFromGuest(_ swim: SwimMessage, _ peer: Identity, _ context: inout Context) {
        let isDoubted = swim.claims.contains { $0.subject == context.identity && $0.status != .alive }
        if isDoubted { state.guests[peer]?.isOwedWord = true }
        switch swim.kind {
        case .probe: say(.answer, swim.sequence, to: peer, &context)
        case .answer: answered(swim.sequence, by: peer, &context)
        case .request:
            // We cannot help, and are there.
            guard options.usesNoAnswers, let subject = swim.subject else { return }
            say(.noAnswer, swim.sequence, about: subject, to: peer, &context)
        case .noAnswer: break
        }
    }

    /// Our own word over our own link is believed whatever number it has.
    mutating func wordForGuest(_ peer: Identity, _ identity: Identity) -> [SwimClaim] {
        guard state.guests[peer]?.isOwedWord == true else { return [] }
        state.guests[peer]?.isOwedWord = false
        return [SwimClaim(status: .alive, subject: identity, incarnation: state.incarnation, source: identity)]
    }
}

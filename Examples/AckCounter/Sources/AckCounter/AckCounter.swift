import Kernel
import Profile
import Wire

/// liveness `ack-counter`: asks only when it has to. Any message heard over a link is life; a link that was quiet for
/// `quiet` gets a probe, and is dead once `misses` probes in a row went unacknowledged for `wait` each.
///
/// A busy link costs nothing, and a silent peer is found `quiet + misses × wait` after its last word. The probe is the
/// standard ping, so a peer with another liveness module that answers pings is understood.
public struct AckCounter: LivenessPolicy {
    let quiet: Duration
    let wait: Duration
    let misses: Int
    public var state = State()
    public var observesTraffic: Bool { true }

    /// A few dozen links: an array keeps its order in every process and is quick enough.
    public struct State: Codable, Sendable {
        var links: [Record] = []
    }

    struct Record: Codable, Sendable {
        let link: LinkID
        var heardAt: Instant
        /// Probes since the last word.
        var unacknowledged = 0
    }

    /// Time to look at a link.
    public enum Timer: PolicyTimer {
        case look(LinkID)

        public var code: TimerCode {
            switch self {
            case .look(let link): TimerCode(kind: 1, subject: link.number)
            }
        }

        public init?(code: TimerCode) {
            guard code.kind == 1 else { return nil }
            self = .look(LinkID(number: code.subject))
        }
    }

    /// A state that comes from an earlier process has that one's links in it; they are gone.
    public mutating func start(_ context: inout Context) { state = State() }

    public mutating func linkUp(_ link: Link, _ context: inout Context) {
        state.links.append(Record(link: link.id, heardAt: context.now))
        context.schedule(Timer.look(link.id), after: quiet)
    }

    public mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        state.links.removeAll { $0.link == link.id }
        context.cancel(Timer.look(link.id))
    }

    public mutating func heard(_ link: LinkID, _ context: inout Context) {
        guard let index = state.links.firstIndex(where: { $0.link == link }) else { return }
        // The timer stays as it is: when it comes it finds out. Moving it for every message would cost more.
        state.links[index].heardAt = context.now
        state.links[index].unacknowledged = 0
    }

    public mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        if case .ping(let nonce) = message { context.reply(.pong(nonce: nonce), to: link) }
    }

    public mutating func fired(_ timer: Timer, _ context: inout Context) {
        guard case .look(let link) = timer, let index = state.links.firstIndex(where: { $0.link == link }) else {
            return
        }
        let record = state.links[index]
        let due = record.heardAt + quiet
        if record.unacknowledged == 0, context.now < due {
            context.schedule(timer, at: due)
        } else if record.unacknowledged >= misses {
            context.declareDead(link, .silent)
        } else {
            state.links[index].unacknowledged += 1
            context.send(.ping(nonce: context.randomBits()), over: link)
            context.schedule(timer, after: wait)
        }
    }
}

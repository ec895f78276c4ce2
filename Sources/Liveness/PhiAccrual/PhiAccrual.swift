import Collections
import Kernel
import Wire

/// The φ accrual failure detector (Hayashibara, Défago, Yared and Katayama, SRDS 2004).
///
/// Every `interval` a ping goes out, and its answer is the peer's heartbeat: it has gone both ways, through the other
/// process, and any module at the other end gives it. From the times between answers the detector learns a normal
/// distribution; the link is dead at the moment when φ = -log₁₀ P(an answer comes still later) reaches `threshold`.
/// That moment is known when an answer comes, so one timer per link waits for it, and nothing is polled.
public struct PhiAccrual: LivenessPolicy {
    let options: PhiAccrualOptions
    /// The z at which φ reaches the threshold, in millionths.
    private let crossing: Int64
    public var state = State()

    init(options: PhiAccrualOptions) {
        self.options = options
        crossing = NormalTail.crossing(options.threshold)
    }

    /// What is known of each link.
    public struct State: Codable, Sendable {
        var links: OrderedDictionary<LinkID, Pulse> = [:]
    }

    struct Pulse: Codable, Sendable {
        /// Numbers begin here, so that an answer to another link's ping is none.
        var base: UInt64
        var sent: UInt64 = 0
        /// The number of the newest ping that was answered.
        var answered: UInt64 = 0
        var heardAt: Instant
        var arrivals: ArrivalWindow
    }

    /// The next heartbeat of a link, and the moment at which φ reaches the threshold.
    public enum Timer: PolicyTimer {
        case beat(LinkID)
        case verdict(LinkID)

        public var code: TimerCode {
            switch self {
            case .beat(let link): TimerCode(kind: 1, subject: link.number)
            case .verdict(let link): TimerCode(kind: 2, subject: link.number)
            }
        }

        public init?(code: TimerCode) {
            switch code.kind {
            case 1: self = .beat(LinkID(number: code.subject))
            case 2: self = .verdict(LinkID(number: code.subject))
            default: return nil
            }
        }
    }

    /// Links of an earlier process are gone, and its moments are of another clock.
    public mutating func start(_ context: inout Context) { state = State() }

    public mutating func linkUp(_ link: Link, _ context: inout Context) { watch(link.id, &context) }

    /// What was learnt of heartbeats at another interval would cut every link: each begins anew.
    public mutating func reconfigured(_ context: inout Context) {
        for link in state.links.keys { watch(link, &context) }
    }

    public mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        guard state.links.removeValue(forKey: link.id) != nil else { return }
        context.cancel(Timer.beat(link.id))
        context.cancel(Timer.verdict(link.id))
    }

    public mutating func fired(_ timer: Timer, _ context: inout Context) {
        switch timer {
        case .beat(let link): beat(link, &context)
        case .verdict(let link): context.declareDead(link, .silent)
        }
    }

    public mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        switch message {
        case .ping(let nonce): context.reply(.pong(nonce: nonce), to: link)
        case .pong(let nonce): answered(nonce, link, &context)
        default: break
        }
    }

    /// φ of a link at a moment, in millionths.
    func phi(of link: LinkID, at now: Instant) -> Int64? {
        guard let pulse = state.links[link] else { return nil }
        let beyond = now - pulse.heardAt - pulse.arrivals.mean - options.acceptablePause
        let deviation = self.deviation(pulse).nanoseconds
        // Twelve deviations are as many as the tail is known for.
        let limit = 12 * deviation
        return NormalTail.phi(at: min(max(beyond.nanoseconds, -limit), limit) * 1_000 / (deviation / 1_000))
    }

    // MARK: Steps

    /// Begins with a link: nothing is known of it but the estimate.
    private mutating func watch(_ link: LinkID, _ context: inout Context) {
        state.links[link] = Pulse(
            base: context.randomBits(), heardAt: context.now,
            arrivals: ArrivalWindow(capacity: options.window, estimate: options.firstEstimate)
        )
        beat(link, &context)
        awaitNext(link, &context)
    }

    /// A tick that a stall swallowed is skipped: the next is set from now.
    private mutating func beat(_ link: LinkID, _ context: inout Context) {
        guard var pulse = state.links[link] else { return }
        pulse.sent += 1
        state.links[link] = pulse
        context.send(.ping(nonce: pulse.base &+ pulse.sent), over: link)
        context.schedule(Timer.beat(link), after: options.interval)
    }

    private mutating func answered(_ nonce: UInt64, _ link: LinkID, _ context: inout Context) {
        guard let index = state.links.index(forKey: link) else { return }
        let number = nonce &- state.links.values[index].base
        guard number > state.links.values[index].answered, number <= state.links.values[index].sent else { return }
        // The first answer ends no interval between answers: it comes a round trip after the link did.
        if state.links.values[index].answered > 0 {
            state.links.values[index].arrivals.add(context.now - state.links.values[index].heardAt)
        }
        state.links.values[index].answered = number
        state.links.values[index].heardAt = context.now
        awaitNext(link, &context)
    }

    /// Sets the moment at which silence has become too unlikely.
    private func awaitNext(_ link: LinkID, _ context: inout Context) {
        guard let pulse = state.links[link] else { return }
        // Micros times millionths: beyond any range of the options it still fits.
        let margin = deviation(pulse).nanoseconds / 1_000 * crossing / 1_000
        let patience = pulse.arrivals.mean + options.acceptablePause + .nanoseconds(margin)
        context.schedule(Timer.verdict(link), at: pulse.heardAt + max(.zero, patience))
    }

    private func deviation(_ pulse: Pulse) -> Duration {
        max(options.minimumDeviation, pulse.arrivals.standardDeviation)
    }
}

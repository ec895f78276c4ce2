import Collections
import Kernel
import Wire

/// Asks over the link itself and waits for the echo: what comes back has gone both ways, through the other process.
///
/// A ping goes out at once when a link comes up and then every `interval`; a link is dead after `misses` unanswered
/// ones in a row. Ticks that a stall swallowed are skipped, unless a historical profile replays them.
public struct PingPong: LivenessPolicy {
    let options: PingPongOptions
    public var state = State()

    init(options: PingPongOptions) {
        self.options = options
    }

    /// Per link, the pings that wait for an answer.
    public struct State: Codable, Sendable {
        var links: OrderedDictionary<LinkID, Pending> = [:]
        /// The pings that came over a link lately; kept only where there is a limit to them.
        var received: OrderedDictionary<LinkID, PingCount> = [:]
    }

    struct Pending: Codable, Sendable {
        var nextTick: Instant
        /// It is pinged and never judged.
        var isExempt = false
        /// Unanswered pings, oldest first; bounded by `PingPongOptions.maximumOpen`.
        var pings: [Ping] = []
        /// Missed pings since the last answer.
        var misses = 0
    }

    struct Ping: Codable, Sendable {
        var nonce: UInt64
        var sentAt: Instant
        /// Its time was up, and it was counted.
        var isMissed = false
    }

    /// The next ping of a link, and the moment the newest one counts as missed.
    public enum Timer: PolicyTimer {
        case tick(LinkID)
        case deadline(LinkID)

        public var code: TimerCode {
            switch self {
            case .tick(let link): TimerCode(kind: 1, subject: link.number)
            case .deadline(let link): TimerCode(kind: 2, subject: link.number)
            }
        }

        public init?(code: TimerCode) {
            switch code.kind {
            case 1: self = .tick(LinkID(number: code.subject))
            case 2: self = .deadline(LinkID(number: code.subject))
            default: return nil
            }
        }
    }

    /// Links of an earlier process are gone, and its moments are of another clock.
    public mutating func start(_ context: inout Context) { state = State() }

    public mutating func linkUp(_ link: Link, _ context: inout Context) {
        if options.pinger == .dialler, link.direction == .accepted { return }
        let isExempt = options.exempt == .masternodes && isMasternode(link, context)
        state.links[link.id] = Pending(nextTick: context.now, isExempt: isExempt)
        tick(link.id, &context)
    }

    public mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        state.received.removeValue(forKey: link.id)
        guard state.links.removeValue(forKey: link.id) != nil else { return }
        context.cancel(Timer.tick(link.id))
        context.cancel(Timer.deadline(link.id))
    }

    public mutating func fired(_ timer: Timer, _ context: inout Context) {
        switch timer {
        case .tick(let link): tick(link, &context)
        case .deadline(let link): missed(link, &context)
        }
    }

    public mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        switch message {
        case .ping(let nonce):
            if isTooMany(link, context.now) {
                context.declareDead(link, .tooManyMessages)
            } else {
                context.reply(.pong(nonce: nonce), to: link)
            }
        case .pong(let nonce): answered(nonce, link, &context)
        default: break
        }
    }

    private mutating func tick(_ link: LinkID, _ context: inout Context) {
        guard var pending = state.links[link] else { return }
        if options.verdict == .onTick, !pending.isExempt, judgeTick(&pending, context.now) {
            state.links[link] = pending
            context.declareDead(link, .pingTimeout)
            return
        }
        let nonce = context.randomBits()
        pending.pings.append(Ping(nonce: nonce, sentAt: context.now))
        if pending.pings.count > options.maximumOpen { pending.pings.removeFirst() }
        // A tick that is late by whole intervals is one tick: the next is set from now, not from the schedule.
        let scheduled = pending.nextTick + options.interval
        let keepsSchedule = scheduled > context.now || options.lateTicks == .replay
        pending.nextTick = keepsSchedule ? scheduled : context.now + options.interval
        state.links[link] = pending
        context.send(.ping(nonce: nonce), over: link)
        context.schedule(Timer.tick(link), at: pending.nextTick)
        setDeadline(link, &context)
    }

    /// Counts every ping whose time is up at this tick. True when that was one too many.
    private func judgeTick(_ pending: inout Pending, _ now: Instant) -> Bool {
        if let forget = options.forgetAfter {
            // Forgotten before it is counted: this is the order that left a real network without liveness.
            pending.pings.removeAll { now - $0.sentAt >= forget }
        }
        for index in pending.pings.indices
        where !pending.pings[index].isMissed && now - pending.pings[index].sentAt >= options.timeout {
            pending.pings[index].isMissed = true
            pending.misses += 1
        }
        return pending.misses >= options.misses
    }

    /// The time of the oldest ping that was not counted yet is up.
    private mutating func missed(_ link: LinkID, _ context: inout Context) {
        guard var pending = state.links[link], let index = pending.pings.firstIndex(where: { !$0.isMissed }) else {
            return
        }
        pending.pings[index].isMissed = true
        pending.misses += 1
        state.links[link] = pending
        if pending.misses >= options.misses {
            context.declareDead(link, .pingTimeout)
        } else {
            setDeadline(link, &context)
        }
    }

    /// Sets the deadline of the oldest ping that was not counted yet.
    private mutating func setDeadline(_ link: LinkID, _ context: inout Context) {
        guard options.verdict == .onDeadline, let pending = state.links[link], !pending.isExempt else { return }
        if let next = pending.pings.first(where: { !$0.isMissed }) {
            context.schedule(Timer.deadline(link), at: next.sentAt + options.timeout)
        } else {
            context.cancel(Timer.deadline(link))
        }
    }

    /// An answer settles its ping and those before it; a later one may still be missed.
    private mutating func answered(_ nonce: UInt64, _ link: LinkID, _ context: inout Context) {
        guard var pending = state.links[link], let index = pending.pings.lastIndex(where: { $0.nonce == nonce }) else {
            return
        }
        if options.counts == .newest, index != pending.pings.count - 1 { return }
        pending.pings.removeFirst(index + 1)
        pending.misses = 0
        state.links[link] = pending
        setDeadline(link, &context)
    }
}

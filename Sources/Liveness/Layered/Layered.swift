import Collections
import Kernel
import Wire

/// Layers that each find what the others cannot, the surest first and fastest.
///
/// 1. The other host says nothing at all, although probes ask it: it is gone, or the path is. Nobody who is well does so,
///    so this needs little patience (`silent_after`, and the kernel's own timers).
/// 2. What we send is not taken by the other end (`write_deadline`).
/// 3. The host answers and its process does not: it hangs, or works, or a middlebox acknowledges for the dead. From here
///    nobody can tell which, so this takes as much patience as work may take (`hung_after`). An echo asks; whatever
///    arrives is life, so a busy link carries none.
///
/// An echo that stays out makes a suspicion and not a verdict; anything that is heard clears it. The peer is not
/// blamed for our own sleep, nor for long work that it has announced. Every death is noticed within three echo
/// intervals.
public struct Layered: LivenessPolicy {
    let options: LayeredOptions
    public var state = State()

    init(options: LayeredOptions) {
        self.options = options
    }

    /// What is known of each link.
    public struct State: Codable, Sendable {
        var links: OrderedDictionary<LinkID, Watched> = [:]
        /// When deadlines were last moved because we had stood still.
        var extendedAt: Instant?
        /// Peers whose links have ended quietly, the one that did so first in front.
        var paces: OrderedDictionary<Identity, Pace> = [:]
    }

    /// How far the doubt about a peer has come.
    enum Stage: String, Codable, Sendable {
        /// None: it was heard lately, or announced that it would not be.
        case trusted
        /// It was asked for an echo.
        case asked
        /// The echo is overdue.
        case suspected
    }

    struct Watched: Codable, Sendable {
        var stage = Stage.trusted
        var peer: Identity?
        var heardAt: Instant
        /// Silence before an echo.
        var echoAfter: Duration
        /// When the link's timer is due.
        var due: Instant
        /// By how much this stage's deadline was moved.
        var moved = Duration.zero
        /// The peer announced work until then.
        var busyUntil: Instant?
        /// The sockets are patient for the sake of announced work, until the peer is heard after it.
        var isPatient = false
    }

    /// The next look at a link.
    public enum Timer: PolicyTimer {
        case check(LinkID)

        public var code: TimerCode {
            switch self {
            case .check(let link): TimerCode(kind: 1, subject: link.number)
            }
        }

        public init?(code: TimerCode) {
            guard code.kind == 1 else { return nil }
            self = .check(LinkID(number: code.subject))
        }
    }

    public var observesTraffic: Bool { true }

    /// Links of an earlier process are gone, and its moments are of another clock.
    public mutating func start(_ context: inout Context) { state = State() }

    /// The driver and the host's TCP hear of other options at once; deadlines follow with the next that is set.
    /// What was found out about paths counts against the options that were there, so it is found out anew.
    public mutating func reconfigured(_ context: inout Context) {
        state.paces = [:]
        for link in state.links.keys {
            state.links[link]?.echoAfter = options.echoInterval
            let isPatient = state.links[link]?.isPatient ?? false
            context.setSocketOptions(sockets(for: nil, isPatient: isPatient), on: link)
        }
    }

    public mutating func linkUp(_ link: Link, _ context: inout Context) {
        if let peer = link.peer { noteReturn(of: peer, &context) }
        context.setSocketOptions(sockets(for: link.peer), on: link.id)
        let echoAfter = link.peer.flatMap { state.paces[$0]?.echoAfter } ?? options.echoInterval
        state.links[link.id] = Watched(
            peer: link.peer, heardAt: context.now, echoAfter: echoAfter, due: context.now)
        enter(.trusted, until: context.now + echoAfter, link.id, &context)
    }

    public static var stateVersion: Int { 2 }

    public mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        guard let watched = state.links.removeValue(forKey: link.id) else { return }
        if let peer = link.peer { noteEnd(of: peer, watched, reason, &context) }
        if state.links.isEmpty { state.extendedAt = nil }
        context.cancel(Timer.check(link.id))
    }

    /// Evidence ends every doubt. On a link that is not doubted only the moment is noted: its timer looks at it.
    public mutating func heard(_ link: LinkID, _ context: inout Context) {
        guard let index = state.links.index(forKey: link) else { return }
        state.links.values[index].heardAt = context.now
        if state.links.values[index].isPatient { heardWhilePatient(link, &context) }
        let stage = state.links.values[index].stage
        guard stage != .trusted else { return }
        if stage == .suspected { context.note(.info, "link \(link): the suspected peer is heard again") }
        enter(.trusted, until: context.now + state.links.values[index].echoAfter, link, &context)
    }

    public mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        switch message {
        case .ping(let nonce): context.reply(.pong(nonce: nonce), to: link)
        case .busy(let milliseconds): announced(.milliseconds(Int64(milliseconds)), by: link, &context)
        default: break
        }
    }

    public mutating func fired(_ timer: Timer, _ context: inout Context) {
        guard case .check(let link) = timer, let due = state.links[link]?.due else { return }
        let late = context.now - due
        if late > options.stallTolerance { extendDeadlines(late, &context) }
        guard let watched = state.links[link], watched.due <= context.now else { return }
        switch watched.stage {
        case .trusted: look(at: link, watched, &context)
        case .asked:
            context.note(.info, "link \(link): no echo for \(options.echoTimeout.seconds) s; the peer is suspected")
            ask(link, &context)
            enter(.suspected, until: context.now + options.suspicion, link, &context)
        case .suspected: context.declareDead(link, .silent)
        }
    }

    // MARK: Steps

    /// A trusted link's timer has come: whatever was heard since it was set puts the question off.
    private mutating func look(at link: LinkID, _ watched: Watched, _ context: inout Context) {
        if let busyUntil = watched.busyUntil {
            guard busyUntil <= context.now else { return enter(.trusted, until: busyUntil, link, &context) }
            // The sockets stay patient until the peer is heard: who needs a little longer has all of `hung_after`.
            state.links[link]?.busyUntil = nil
        }
        let quietUntil = watched.heardAt + watched.echoAfter
        guard quietUntil <= context.now else { return enter(.trusted, until: quietUntil, link, &context) }
        ask(link, &context)
        enter(.asked, until: context.now + options.echoTimeout, link, &context)
    }

    private func ask(_ link: LinkID, _ context: inout Context) {
        context.send(.ping(nonce: context.randomBits()), over: link)
    }

    /// Begins a stage and sets its deadline.
    mutating func enter(_ stage: Stage, until due: Instant, _ link: LinkID, _ context: inout Context) {
        guard var watched = state.links[link] else { return }
        watched.stage = stage
        watched.moved = .zero
        // Timers are set on whole milliseconds; lateness is counted from there.
        watched.due = due.roundedUpToMillisecond
        state.links[link] = watched
        context.schedule(Timer.check(link), at: watched.due)
    }
}

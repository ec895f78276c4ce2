import Kernel
import Wire

// What a peer is not blamed for: our own sleep, and long work that it has announced.

extension Layered {
    /// A timer came `late`: we stood still, and heard nobody meanwhile. Every deadline against a peer moves by as much,
    /// yet none by more than its stage is long in all, so that a loop that is always late still finds the dead.
    mutating func extendDeadlines(_ late: Duration, _ context: inout Context) {
        // All timers that a stall held up come in one moment, and tell of the same stall.
        guard state.extendedAt != context.now else { return }
        state.extendedAt = context.now
        for link in state.links.keys {
            guard var watched = state.links[link], watched.stage != .trusted else { continue }
            let length = watched.stage == .asked ? options.echoTimeout : options.suspicion
            let shift = min(late, length - watched.moved)
            guard shift > .zero else { continue }
            watched.moved += shift
            watched.due = (max(watched.due, context.now) + shift).roundedUpToMillisecond
            state.links[link] = watched
            context.schedule(Timer.check(link), at: watched.due)
        }
    }

    /// Our own process is about to stand still on purpose: peers that understand it wait.
    public mutating func workAhead(upTo limit: Duration, _ context: inout Context) {
        let nanoseconds = max(0, min(limit.nanoseconds, Int64(UInt32.max) * 1_000_000))
        let milliseconds = UInt32(clamping: (nanoseconds + 999_999) / 1_000_000)
        for link in state.links.keys { context.send(.busy(milliseconds: milliseconds), over: link) }
    }

    /// The peer says that it will not answer for so long: it is left alone until then, `busy_limit` at most.
    mutating func announced(_ length: Duration, by link: LinkID, _ context: inout Context) {
        guard let watched = state.links[link] else { return }
        let patience = min(length, options.busyLimit)
        guard patience > .zero else {
            guard watched.isPatient else { return }
            endPatience(with: link, &context)
            return enter(.trusted, until: context.now + watched.echoAfter, link, &context)
        }
        if !watched.isPatient {
            context.setSocketOptions(sockets(for: watched.peer, isPatient: true), on: link)
        }
        let until = context.now + patience
        state.links[link]?.isPatient = true
        state.links[link]?.busyUntil = until
        enter(.trusted, until: max(until, context.now + watched.echoAfter), link, &context)
    }

    /// What is heard before the announced end may have been on its way; what is heard after it ends the patience.
    mutating func heardWhilePatient(_ link: LinkID, _ context: inout Context) {
        guard let watched = state.links[link], watched.busyUntil ?? .zero <= context.now else { return }
        endPatience(with: link, &context)
    }

    /// The announced work is over.
    private mutating func endPatience(with link: LinkID, _ context: inout Context) {
        state.links[link]?.busyUntil = nil
        state.links[link]?.isPatient = false
        context.setSocketOptions(sockets(for: state.links[link]?.peer), on: link)
    }
}

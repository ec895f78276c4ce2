import Kernel
import Wire

// A heartbeat opened a connection of its own to every peer, beside the link that was there: a handshake, and the end.
extension SplitRegistry {
    /// The most peers that get heartbeats: whom strangers tell of comes and goes without end.
    static let mostBeatTargets = 128

    /// Remembers whom to send heartbeats, whoever wanted them, and sends the first of them an interval later. Beyond the
    /// limit the oldest go.
    mutating func noteBeatTargets(_ wishes: [Wish], _ context: inout Context) {
        guard let interval = options.beatInterval else { return }
        let isFirst = state.beatTargets.isEmpty
        state.beatTargets.append(contentsOf: wishes.map(\.endpoint).filter { $0.ip != context.endpoint.ip })
        let surplus = state.beatTargets.count - Self.mostBeatTargets
        if surplus > 0 { state.beatTargets.removeFirst(surplus) }
        if isFirst, !state.beatTargets.isEmpty { context.schedule(Timer.beat, after: interval) }
    }

    mutating func beat(_ context: inout Context) {
        guard let interval = options.beatInterval else { return }
        context.schedule(Timer.beat, after: interval)
        for target in state.beatTargets { state.beats.append(context.open(target, expecting: nil)) }
    }

    /// - Returns: false where the link is no heartbeat's.
    mutating func endBeat(_ link: LinkID, _ reason: Reason, by ender: LinkEnder, _ context: inout Context) -> Bool {
        guard state.beats.remove(link) != nil else { return false }
        context.close(link, reason, by: ender)
        return true
    }
}

import Kernel
import Wire

// A link of our own dial that no discovery module wants any more. It stays as long as it costs nobody a place: a link that
// works is worth more than the place in a list that it came from. It goes for a peer that is wanted and has no place, the one
// that is unwanted longest first, and after `unwanted_after`, where the profile sets that.

extension SingleLink {
    /// A discovery module has spoken: sets, or ends, the time after which an unwanted link goes.
    mutating func settleWish(_ index: Int, _ context: inout Context) {
        if state.peers[index].isWanted { state.peers[index].unwantedSince = nil }
        guard let wait = options.unwantedAfter else { return }
        if let since = state.peers[index].unwantedSince, state.peers[index].up?.direction == .dialled {
            context.schedule(Timer.unwanted(peer: index), at: since + wait)
        } else {
            context.cancel(Timer.unwanted(peer: index))
        }
    }

    /// A link has been unwanted for long enough.
    mutating func unwantedLongEnough(_ index: Int, _ context: inout Context) {
        guard state.peers.indices.contains(index), !state.peers[index].isWanted,
            let up = state.peers[index].up, up.direction == .dialled
        else { return }
        end(up.link, .notWanted, by: .us, &context)
    }

    /// Ends the stranger's link of our own dial that is unwanted longest.
    ///
    /// - Returns: false where there is none.
    mutating func letGoOfUnwanted(_ context: inout Context) -> Bool {
        var longest: (link: LinkID, since: Instant)?
        for peer in state.peers {
            guard let since = peer.unwantedSince, !peer.isWanted, let up = peer.up, up.direction == .dialled,
                !isPrivileged(peer, context), since < longest?.since ?? .never
            else { continue }
            longest = (up.link, since)
        }
        guard let longest else { return false }
        end(longest.link, .notWanted, by: .us, &context)
        return true
    }
}

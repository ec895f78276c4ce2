import Kernel
import Wire

extension LineWriter {
    mutating func event(_ event: Event) {
        switch event {
        case .dialStarted, .dialFailed, .dialLeftToPeer, .handshakeBegun, .linkUp, .linkEnded, .refused, .takeover,
            .probed, .dialability:
            linkEvent(event)
        case .blockProduced, .blockAccepted, .ownSlotSkipped, .reorganised, .blockRejected: chainEvent(event)
        case .peerCheck(let connected, let masternodes, let slots):
            field("kind", "peer-check")
            field("connected", connected)
            field("masternodes", masternodes)
            field("slots", slots)
        case .addressRefused(let link, let identity, let cause):
            field("kind", "address-refused")
            field("link", link)
            field("identity", identity)
            field("cause", cause)
        case .requestSent(let id):
            field("kind", "request-sent")
            field("id", id)
        case .requestAnswered(let id, let time):
            field("kind", "request-answered")
            field("id", id)
            field("after_ns", time)
        case .messageDropped(let link, let channel, let cause):
            field("kind", "message-dropped")
            if let link { field("link", link) }
            field("channel", channel.name)
            field("cause", cause)
        case .note(let level, let text):
            field("kind", "note")
            field("level", level)
            field("text", text)
        }
    }

    private mutating func linkEvent(_ event: Event) {
        switch event {
        case .dialStarted(let link, let remote, let identity):
            about("dial-started", link, remote)
            if let identity { field("expected", identity) }
        case .dialFailed(let link, let remote, let reason):
            about("dial-failed", link, remote)
            field("reason", reason)
        case .dialLeftToPeer(let remote, let own):
            field("kind", "dial-left-to-peer")
            field("remote", remote)
            field("own", own)
        case .handshakeBegun(let link):
            field("kind", "handshake-begun")
            field("link", link)
        case .linkUp(let link, let peer, let remote, let direction):
            about("link-up", link, remote)
            field("peer", peer)
            field("direction", direction)
        case .linkEnded(let link, let peer, let remote, let reason, let ender, let wasUp, let direction):
            about("link-ended", link, remote)
            if let peer { field("peer", peer) }
            field("reason", reason)
            field("by", ender)
            field("was_up", wasUp)
            field("direction", direction)
        case .refused(let link, let peer, let remote, let reason):
            about("refused", link, remote)
            if let peer { field("peer", peer) }
            field("reason", reason)
        case .takeover(let old, let new, let peer):
            field("kind", "takeover")
            field("old", old)
            field("new", new)
            field("peer", peer)
        case .probed(let peer, let found):
            field("kind", "probed")
            field("peer", peer)
            dialability(found)
        case .dialability(let word, let peers):
            field("kind", "dialability")
            dialability(word)
            field("peers", peers)
        default: break
        }
    }

    private mutating func about(_ kind: String, _ link: LinkID, _ remote: Endpoint) {
        field("kind", kind)
        field("link", link)
        field("remote", remote)
    }

    private mutating func chainEvent(_ event: Event) {
        switch event {
        case .blockProduced(let height, let hash, let slot): block("block-produced", height, hash, slot)
        case .blockAccepted(let height, let hash, let slot): block("block-accepted", height, hash, slot)
        case .ownSlotSkipped(let slot, let cause):
            field("kind", "own-slot-skipped")
            field("slot", slot)
            field("cause", cause)
        case .reorganised(let depth, let height, let hash):
            field("kind", "reorganised")
            field("depth", depth)
            field("height", height)
            field("hash", hash)
        case .blockRejected(let peer, let cause):
            field("kind", "block-rejected")
            if let peer { field("peer", peer) }
            field("cause", cause)
        default: break
        }
    }

    private mutating func block(_ kind: String, _ height: UInt64, _ hash: BlockHash, _ slot: UInt64) {
        field("kind", kind)
        field("height", height)
        field("hash", hash)
        field("slot", slot)
    }
}

import Kernel
import Wire

extension FieldSink {
    mutating func event(_ event: Event) {
        switch event {
        case .dialStarted, .dialFailed, .dialLeftToPeer, .handshakeBegun, .linkUp, .linkEnded, .refused, .takeover,
            .probed, .dialability:
            linkEvent(event)
        case .agreementDiffers, .twoProcesses, .identityConflict, .clockOffset: agreementEvent(event)
        case .blockProduced, .blockAccepted, .ownSlotSkipped, .reorganised, .blockRejected, .equivocated,
            .storeHalted, .storeResumed:
            chainEvent(event)
        case .peerCheck(let connected, let masternodes, let slots):
            word("kind", "peer-check")
            field("connected", connected)
            field("masternodes", masternodes)
            field("slots", slots)
        case .wanted(let wishes, let module, let pass):
            word("kind", "wanted")
            field("module", module)
            field("pass", pass)
            list("wishes", wishes) { wish, line in
                line.object {
                    if let identity = wish.identity { $0.field("identity", identity) }
                    $0.field("endpoint", wish.endpoint)
                    $0.field("masternode", wish.isMasternode)
                }
            }
        case .addressRefused(let link, let identity, let cause):
            word("kind", "address-refused")
            field("link", link)
            field("identity", identity)
            field("cause", cause)
        case .requestSent(let id):
            word("kind", "request-sent")
            field("id", id)
        case .requestAnswered(let id, let time):
            word("kind", "request-answered")
            field("id", id)
            field("after_ns", time)
        case .messageDropped(let link, let channel, let cause):
            word("kind", "message-dropped")
            if let link { field("link", link) }
            field("channel", channel.name)
            field("cause", cause)
        case .fieldsIgnored(let link, let channel):
            word("kind", "fields-ignored")
            field("link", link)
            field("channel", channel.name)
        case .note(let level, let text):
            word("kind", "note")
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
            word("kind", "dial-left-to-peer")
            field("remote", remote)
            field("own", own)
        case .handshakeBegun(let link):
            word("kind", "handshake-begun")
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
            word("kind", "takeover")
            field("old", old)
            field("new", new)
            field("peer", peer)
        case .probed(let peer, let found):
            word("kind", "probed")
            field("peer", peer)
            dialability(found)
        case .dialability(let told, let peers):
            word("kind", "dialability")
            dialability(told)
            field("peers", peers)
        default: break
        }
    }

    /// What two nodes, or two processes, hold otherwise.
    private mutating func agreementEvent(_ event: Event) {
        switch event {
        case .agreementDiffers(let link, let peer, let remote, let value):
            about("agreement-differs", link, remote)
            if let peer { field("peer", peer) }
            field("value", value)
        case .twoProcesses(let peer, let kept, let refused):
            word("kind", "two-processes")
            field("peer", peer)
            field("kept", kept)
            field("refused", refused)
        case .identityConflict(let conflict):
            word("kind", "identity-conflict")
            guard let conflict else { return }
            field("younger", conflict.isYounger)
            if let incarnation = conflict.incarnation { bits("incarnation", incarnation) }
            if let endpoint = conflict.endpoint { field("remote", endpoint) }
            if let startedAt = conflict.startedAt { field("started_ms", startedAt.milliseconds) }
        case .clockOffset(let found, let isWrong):
            word("kind", "clock-offset")
            field("offset_ns", found.offset)
            field("peers", found.peers)
            field("wrong", isWrong)
        default: break
        }
    }

    private mutating func about(_ kind: StaticString, _ link: LinkID, _ remote: Endpoint) {
        word("kind", kind)
        field("link", link)
        field("remote", remote)
    }

    private mutating func chainEvent(_ event: Event) {
        switch event {
        case .blockProduced(let height, let hash, let slot): block("block-produced", height, hash, slot)
        case .blockAccepted(let height, let hash, let slot): block("block-accepted", height, hash, slot)
        case .ownSlotSkipped(let slot, let cause):
            word("kind", "own-slot-skipped")
            field("slot", slot)
            field("cause", cause)
        case .reorganised(let depth, let height, let hash):
            word("kind", "reorganised")
            field("depth", depth)
            field("height", height)
            field("hash", hash)
        case .blockRejected(let peer, let cause):
            word("kind", "block-rejected")
            if let peer { field("peer", peer) }
            field("cause", cause)
        case .storeHalted(let failure):
            word("kind", "store-halted")
            self.failure(failure)
        case .storeResumed: word("kind", "store-resumed")
        case .equivocated(let peer, let slot):
            field("kind", "equivocated")
            field("peer", peer)
            field("slot", slot)
        default: break
        }
    }

    private mutating func block(_ kind: StaticString, _ height: UInt64, _ hash: BlockHash, _ slot: UInt64) {
        word("kind", kind)
        field("height", height)
        field("hash", hash)
        field("slot", slot)
    }
}

import Kernel
import Wire

extension SingleLink {
    /// What becomes of an incoming handshake once its sender is believed.
    enum Verdict: Equatable {
        /// Nothing stands against it. A dial of ours that has said nothing yet is given up for it.
        case accept
        /// It replaces the link that is up.
        case takeOver(Reason)
        /// Ours stays.
        case refuse(Reason)
    }

    /// The rule for two links of one pair, as a function of what this end knows and what the other end claims.
    ///
    /// | this end has | and the peer's `Hello` | then |
    /// |---|---|---|
    /// | another incarnation on record | names a new one | take over: the old process is gone |
    /// | | names a new one, over a connection from before that record | refuse: the last words of a process that ended |
    /// | | names one that was replaced before, and this handshake proves no process (`ack`, `verdict`) | refuse: two processes share a key |
    /// | | the same, over a link that is up, and started before the one on record | take over: two processes share a key, and the first keeps it |
    /// | | the same, and started after it | refuse, for the same reason |
    /// | | the same, without a link up | as any other: the one on record may be gone |
    /// | its link up | counts a later dial | take over: the dialler has lost the first |
    /// | our link up | has seen our link end | take over: it is only still up here |
    /// | our link up, or our `Hello` out | has not | a crossed dial: a hash of the pair chooses |
    ///
    /// - Parameters:
    ///   - link: the connection that the `Hello` came over.
    ///   - provesProcess: the handshake proves that the process which says so runs now.
    static func judge(
        _ claim: Claim, against peer: Peer, own: Identity, over link: LinkID, provesProcess: Bool
    ) -> Verdict {
        let peerWins = PairHash.chosen(of: own, claim.identity, purpose: .glare) == claim.identity
        let isNewProcess = peer.incarnation.map { $0 != claim.incarnation } ?? false
        let former = isNewProcess ? peer.former(claim.incarnation) : nil
        if former != nil, !provesProcess { return .refuse(.identityInUse) }
        if isOutdated(claim.incarnation, over: link, peer) { return .refuse(.staleDial) }
        if former != nil, peer.up != nil, let present = peer.process {
            let isFirst = claim.process.isOlder(than: present, wasKnownFirst: true)
            return isFirst ? .takeOver(.identityInUse) : .refuse(.identityInUse)
        }
        if let up = peer.up {
            if isNewProcess { return .takeOver(.superseded) }
            switch up.direction {
            case .accepted:
                return claim.dialSequence > up.sequence ? .takeOver(.superseded) : .refuse(.staleDial)
            case .dialled:
                if claim.endedSequence >= up.sequence { return .takeOver(.superseded) }
                return peerWins ? .takeOver(.glare) : .refuse(.glare)
            }
        }
        if let dialling = peer.dialling, dialling.isGreeted, !peerWins { return .refuse(.glare) }
        return .accept
    }

    /// Whether these are the last words of a process that has another one in its place by now: they come over a connection
    /// from before that was known. A process that is really new comes again, over a connection that is.
    static func isOutdated(_ incarnation: UInt64, over link: LinkID, _ peer: Peer) -> Bool {
        guard let known = peer.incarnation, known != incarnation, let since = peer.incarnationSince else {
            return false
        }
        return link <= since
    }
}

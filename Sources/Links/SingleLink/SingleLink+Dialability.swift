import Kernel
import Wire

extension SingleLink {
    /// What one link says of how this node can be dialled, and since when.
    struct Evidence: Codable, Sendable {
        var word: Dialability
        var at: Instant
    }

    /// How many peers have to say so before this node believes that it cannot be dialled; all, where fewer are linked.
    private static let witnesses = 2
    /// A peer is listened to once in so long.
    private static let patience = Duration.seconds(60)

    /// A peer dialled this node, and proved who it is: nothing says more plainly that it can be dialled.
    mutating func wasDialled(over link: Link, at index: Int, _ context: inout Context) {
        guard isProven(link) else { return }
        let word = Dialability(endpoint: context.endpoint, reason: nil)
        state.peers[index].up?.evidence = Evidence(word: word, at: context.now)
        weighEvidence(&context)
    }

    /// A peer that this node dialled says whether it could dial back.
    mutating func heard(_ word: Dialability, from id: LinkID, _ context: inout Context) {
        guard let index = linkedPeer(id, context), let link = context.link(id) else {
            end(id, .unexpectedMessage, by: .us, &context)
            return
        }
        guard link.direction == .dialled, isProven(link) else { return }
        if let last = state.peers[index].up?.evidence, context.now - last.at < Self.patience { return }
        state.peers[index].up?.evidence = Evidence(word: word, at: context.now)
        weighEvidence(&context)
    }

    /// Whether the peer at the other end of a link has proven its key.
    func isProven(_ link: Link) -> Bool { options.handshake == .signed || link.transportIdentity != nil }

    /// One peer that got through outweighs any number that did not: those may be the ones behind a firewall. Evidence that
    /// is two probes old has had its time.
    private mutating func weighEvidence(_ context: inout Context) {
        var linked = 0
        var reached: [Dialability] = []
        var unreached: [Dialability] = []
        for link in context.links.entries where link.phase == .up {
            guard let up = linkedPeer(link.id, context).flatMap({ state.peers[$0].up }) else { continue }
            linked += 1
            guard let evidence = up.evidence, context.now - evidence.at <= Self.probeInterval * 2 else { continue }
            if evidence.word.reason == nil { reached.append(evidence.word) } else { unreached.append(evidence.word) }
        }
        let said = reached.isEmpty ? unreached : reached
        guard let word = said.last, !reached.isEmpty || unreached.count >= min(Self.witnesses, linked) else { return }
        if let known = state.dialability, (known.reason == nil) == (word.reason == nil) { return }
        state.dialability = word
        context.observe(.dialability(word, peers: said.count))
    }
}

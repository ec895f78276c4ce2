extension ConformanceRule {
    /// What an author does about a breach, in one line.
    public var remedy: String {
        switch self {
        case .determinism:
            "take time from context.now, chance from context.random…, and keep no Dictionary or Set: use an array "
                + "or OrderedDictionary"
        case .legalUse:
            "act only on links of which 'linkUp' came and 'linkDown' did not, send on the role's own channel, and "
                + "set timers from context.now on"
        case .messages:
            "let 'read' take what 'write' writes, skip fields that it does not know, check what it takes, and give each "
                + "kind a name, a limit and a sample"
        case .cleanUp: "in 'linkDown', cancel every timer and remove every record that is about the link"
        case .snapshot:
            "keep everything that the module remembers in 'state', let 'State' be Codable, and make 'Timer(code:)' "
                + "the inverse of 'code'"
        case .handOver:
            "in 'start', drop links, timers, answers and moments that 'state' has from an earlier process, then "
                + "set the timers anew"
        case .idleness: "set no timer while there is nothing to wait for: start it in 'linkUp', cancel it in 'linkDown'"
        case .boundedness:
            "give every list in 'state' a limit, and let no message or timer cause more than a fixed amount of work"
        case .wishes:
            "leave out context.identity and context.endpoint, name each peer once, and set 'isMasternode' only for "
                + "members of context.network"
        case .oneLink: "before 'markUp', close or refuse one of the two links with that identity"
        case .routing:
            "let 'route(to:)' name a link that is up with that peer, and 'replyRoute(for:)' the link that was "
                + "asked over"
        case .reasons:
            "before 'close', send a goodbye or a refusal with the same reason, and choose one that is not 'other'"
        case .admission: "count connections that are not up yet, and refuse or close them beyond a limit"
        case .identity: "call 'markUp' only after the peer has signed this handshake with the key that it claims"
        case .linking:
            "dial again after a failed or ended link, with a delay that is bounded, as long as the peer is wanted"
        case .heights: "let 'status.height' stand where it is until a longer chain is complete"
        case .agreement:
            "choose between chains by a rule that gives every node the same answer, and never leave a final block"
        case .progress: "lead a slot whenever it is this node's turn and enough masternodes are linked"
        case .payloads:
            "in 'propose', keep to the limit, leave 'state' as it is, and offer only what 'validate' accepts after the "
                + "same blocks"
        case .inverse: "in 'revert', undo every change of 'state' and of the store that 'apply' of that block made"
        case .sameRoot:
            "let 'apply' and 'validate' depend on the blocks alone: not on time, chance, links or the order of requests"
        case .order:
            "order rows by key within a table, apply writes before reads that come after them, and respect the limit"
        case .atomicity: "apply a transaction as one: its changes in their order, or none of them"
        case .durability: "return from 'apply' only once the rows are on the disk (fsync)"
        case .isolation: "keep what a store holds in the instance and under its key space, not in a global variable"
        case .formats:
            "compare the format that a key space was written in with the one that is asked for, and refuse another"
        case .connecting:
            "report the cause that the system gave, prove keys as the descriptor says, and bound every wait"
        case .delivery: "keep one ordered queue a link, and leave out a message over the limit without ending the link"
        case .halfClose: "go on reading after an end of stream is sent, and go on sending after one is received"
        case .backPressure: "bound the queue of each link in bytes, and end the link with 'queue-full' beyond it"
        case .loopback: "listen on 127.0.0.1 unless the profile names another address, and on that address alone"
        case .service:
            "say that the service serves once it listens, end when it is told to, and give the address back"
        case .answers:
            "make each answer from what the node says at that moment, and give it no command that nobody asked for"
        case .pages: "make pages from the node's status alone, and give each error a message that says what to do"
        case .limits: "bound heads and bodies of requests, and close connections that ask nothing"
        }
    }
}

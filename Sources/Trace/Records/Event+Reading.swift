import Kernel
import Wire

// Events back from the form that `LineWriter.event` gives them.

extension FieldReader {
    func event() throws(TraceError) -> Event {
        let kind = try text("kind")
        if let event = try linkEvent(kind) { return event }
        if let event = try agreementEvent(kind) { return event }
        if let event = try chainEvent(kind) { return event }
        if let event = try otherEvent(kind) { return event }
        throw TraceError(.unknownKind, line: line, "no event is called '\(kind)'")
    }

    private func linkEvent(_ kind: String) throws(TraceError) -> Event? {
        switch kind {
        case "dial-started": .dialStarted(try link("link"), try endpoint("remote"), try optionalIdentity("expected"))
        case "dial-failed": .dialFailed(try link("link"), try endpoint("remote"), try word("reason"))
        case "dial-left-to-peer": .dialLeftToPeer(try endpoint("remote"), own: try endpoint("own"))
        case "handshake-begun": .handshakeBegun(try link("link"))
        case "link-up":
            .linkUp(try link("link"), try identity("peer"), try endpoint("remote"), try word("direction"))
        case "link-ended":
            .linkEnded(
                try link("link"), try optionalIdentity("peer"), try endpoint("remote"), try word("reason"),
                try word("by"),
                wasUp: try flag("was_up"), direction: try word("direction")
            )
        case "refused":
            .refused(try link("link"), try optionalIdentity("peer"), try endpoint("remote"), try word("reason"))
        case "takeover": .takeover(old: try link("old"), new: try link("new"), try identity("peer"))
        case "probed": .probed(try identity("peer"), try dialability())
        case "dialability": .dialability(try dialability(), peers: try number("peers"))
        default: nil
        }
    }

    private func agreementEvent(_ kind: String) throws(TraceError) -> Event? {
        switch kind {
        case "agreement-differs":
            .agreementDiffers(
                try link("link"), try optionalIdentity("peer"), try endpoint("remote"), value: try text("value"))
        case "two-processes":
            .twoProcesses(try identity("peer"), kept: try endpoint("kept"), refused: try endpoint("refused"))
        case "identity-conflict": .identityConflict(try identityConflict())
        case "clock-offset":
            .clockOffset(
                ClockOffset(offset: .nanoseconds(try number("offset_ns") as Int64), peers: try number("peers")),
                isWrong: try flag("wrong"))
        default: nil
        }
    }

    private func chainEvent(_ kind: String) throws(TraceError) -> Event? {
        switch kind {
        case "block-produced":
            .blockProduced(height: try number("height"), hash: try blockHash("hash"), slot: try number("slot"))
        case "block-accepted":
            .blockAccepted(height: try number("height"), hash: try blockHash("hash"), slot: try number("slot"))
        case "own-slot-skipped": .ownSlotSkipped(slot: try number("slot"), try word("cause"))
        case "reorganised":
            .reorganised(depth: try number("depth"), height: try number("height"), hash: try blockHash("hash"))
        case "block-rejected": .blockRejected(try optionalIdentity("peer"), try word("cause"))
        case "store-halted": .storeHalted(try failure())
        case "store-resumed": .storeResumed
        case "equivocated": .equivocated(try identity("peer"), slot: try number("slot"))
        default: nil
        }
    }

    private func otherEvent(_ kind: String) throws(TraceError) -> Event? {
        switch kind {
        case "peer-check":
            .peerCheck(
                connected: try number("connected"), masternodes: try number("masternodes"), slots: try number("slots")
            )
        case "wanted":
            .wanted(
                try list("wishes") { item throws(TraceError) in
                    Wish(
                        identity: try item.optionalIdentity("identity"), endpoint: try item.endpoint("endpoint"),
                        isMasternode: try item.flag("masternode")
                    )
                }, by: try text("module"), try word("pass")
            )
        case "address-refused": .addressRefused(try link("link"), try identity("identity"), try word("cause"))
        case "request-sent": .requestSent(id: try number("id"))
        case "request-answered":
            .requestAnswered(id: try number("id"), after: .nanoseconds(try number("after_ns") as Int64))
        case "message-dropped":
            .messageDropped(
                try optional("link") { name throws(TraceError) in try link(name) }, try channel("channel"),
                try word("cause")
            )
        case "fields-ignored": .fieldsIgnored(try link("link"), try channel("channel"))
        case "note": .note(try word("level"), try text("text"))
        default: nil
        }
    }

    // MARK: Values of events

    private func optionalIdentity(_ name: String) throws(TraceError) -> Identity? {
        try optional(name) { name throws(TraceError) in try identity(name) }
    }

    /// Nil where there is none any more.
    private func identityConflict() throws(TraceError) -> IdentityConflict? {
        guard has("younger") else { return nil }
        return IdentityConflict(
            isYounger: try flag("younger"),
            endpoint: try optional("remote") { name throws(TraceError) in try endpoint(name) },
            incarnation: try optional("incarnation") { name throws(TraceError) in try bits(name) },
            startedAt: try optional("started_ms") { name throws(TraceError) in
                WallTime(milliseconds: try number(name))
            }
        )
    }

    private func blockHash(_ name: String) throws(TraceError) -> BlockHash { BlockHash(bytes: try thirtyTwo(name)) }

    private func dialability() throws(TraceError) -> Dialability {
        Dialability(
            endpoint: try endpoint("endpoint"),
            reason: try optional("reason") { name throws(TraceError) in try word(name) }
        )
    }

    func channel(_ name: String) throws(TraceError) -> Channel {
        let word = try text(name)
        guard let channel = Channel.allCases.first(where: { $0.name == word }) else {
            throw TraceError(.unknownKind, line: line, "no channel is called '\(word)'")
        }
        return channel
    }
}

import Kernel
import Profile
import Wire

extension LogLine {
    /// The event that a node made this line from: the reverse of `EventText`, which has the shapes.
    ///
    /// Nil for the lines of the program around the node, for a line that says a second time what another one has said,
    /// and for lines of an unknown shape below `info`.
    package var event: Event? { linkEvent ?? chainEvent ?? otherEvent }

    /// The node has begun to work.
    package var isListening: Bool { message.hasPrefix("Listening on ") }

    /// Lines were lost: whatever is counted from this log is too little.
    package var isGap: Bool { message.contains(" log lines left out") || message.contains(" log lines dropped") }

    private var link: LinkID { LinkID(number: number("link") ?? 0) }
    private var peer: Identity? { self["peer"].flatMap(Identity.init(hex:)) }
    private var address: Endpoint {
        self["address"].flatMap { Endpoint($0) } ?? Endpoint(ip: IPAddress(version4: 0), port: 0)
    }
    private var reason: Reason { self["reason"].flatMap(Reason.init) ?? .other }

    private func number(_ key: String) -> UInt64? { self[key].flatMap { UInt64($0) } }

    private var linkEvent: Event? {
        let direction = self["direction"].flatMap(LinkDirection.init) ?? .dialled
        switch message {
        case _ where isDial: return .dialStarted(link, address, peer)
        case let text where text.hasPrefix("Failed to connect to peer: "): return .dialFailed(link, address, reason)
        case let text where text.hasPrefix("Skipping outbound to "): return .dialLeftToPeer(address, own: address)
        case "Handshake begun": return .handshakeBegun(link)
        case _ where isLinkUp:
            guard let peer else { return nil }
            return .linkUp(link, peer, address, direction)
        case let text where isLinkLost || text.hasPrefix("Handshake with "):
            let ender = self["ended_by"].flatMap(LinkEnder.init) ?? .transport
            return .linkEnded(link, peer, address, reason, ender, wasUp: isLinkLost, direction: direction)
        case let text where text.hasPrefix("Refused peer "): return .refused(link, peer, address, reason)
        case let text where text.hasPrefix("Link ") && text.contains(" takes over from "):
            guard let peer, let old = number("replaces") else { return nil }
            return .takeover(old: LinkID(number: old), new: link, peer)
        default: return nil
        }
    }

    private var chainEvent: Event? {
        let hash = self["hash"].flatMap(Bytes32.init(hex:)).map(BlockHash.init)
        let height = number("height")
        switch message {
        case let text where text.hasPrefix("Block produced: "):
            guard let height, let hash, let slot = number("slot") else { return nil }
            return .blockProduced(height: height, hash: hash, slot: slot)
        case let text where text.hasPrefix("Block accepted: "):
            guard let height, let hash, let slot = number("slot") else { return nil }
            return .blockAccepted(height: height, hash: hash, slot: slot)
        case let text where text.hasPrefix("Own slot "):
            guard let slot = number("slot"), let cause = self["reason"].flatMap(SkipCause.init) else { return nil }
            return .ownSlotSkipped(slot: slot, cause)
        case let text where text.hasPrefix("Chain reorganised: "):
            guard let height, let hash, let depth = number("depth") else { return nil }
            return .reorganised(depth: depth, height: height, hash: hash)
        case let text where text.hasPrefix("Block") && text.contains(" rejected ("):
            guard let cause = self["reason"].flatMap(BlockRejection.init) else { return nil }
            return .blockRejected(peer, cause)
        default: return nil
        }
    }

    private var otherEvent: Event? {
        switch message {
        case let text where text.hasPrefix("Peer check: "):
            let count = { (key: String) in self.number(key).flatMap { Int(exactly: $0) } ?? 0 }
            return .peerCheck(connected: count("connected"), masternodes: count("masternodes"), slots: count("slots"))
        case let text where text.hasPrefix("Address record of "):
            guard let peer, let cause = self["reason"].flatMap(AddressRefusal.init) else { return nil }
            return .addressRefused(link, peer, cause)
        case "Request sent": return number("request").map { .requestSent(id: $0) }
        case "Request answered":
            guard let id = number("request"), let after = self["after"].flatMap(DurationText.parse) else { return nil }
            return .requestAnswered(id: id, after: after)
        case let text where text.hasPrefix("Handshake completed with ") || Self.isProgram(text): return nil
        default:
            guard let level = NoteLevel(rawValue: level), level != .debug else { return nil }
            return .note(level, message)
        }
    }

    /// What the program says around the node that it runs.
    private static func isProgram(_ text: String) -> Bool {
        [
            "timenode ", "Listening on ", "RPC listens on ", "Made a new identity key", "Stopping: ", "Stopped",
            "this node (",
        ].contains {
            text.hasPrefix($0)
        }
    }
}

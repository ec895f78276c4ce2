import Kernel
import Profile

/// Why links with peers ended or never came up, for people: what `peers --why` prints.
enum PeerReport {
    static func text(_ peers: [PeerStatus]) -> String {
        peers.map(section).joined(separator: "\n")
    }

    private static func section(_ peer: PeerStatus) -> String {
        let head = "\(name(peer)) (\(peer.address)): \(state(peer))"
        let entries = peer.last.map(Entry.init) + (peer.objections ?? []).map(Entry.init)
        guard !entries.isEmpty else { return head + "\n  nothing has ended\n" }
        var table = TextTable(["", "WHEN", "WHAT", "REASON", "WHO DECIDED", "LINK"])
        // Both lists are oldest first; a stable sort by time keeps the order within a second.
        for entry in entries.enumerated().sorted(by: { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }) {
            table.add([
                "", entry.element.time, entry.element.what, entry.element.reason, entry.element.decider,
                entry.element.link,
            ])
        }
        return head + "\n" + table.text
    }

    /// Whether somebody may mean this peer by a word.
    static func isCalled(_ word: String, _ peer: PeerStatus) -> Bool {
        if peer.name == word || peer.address.description == word || peer.address.ip.description == word { return true }
        return word.utf8.count >= 4 && peer.identity?.hex.hasPrefix(word.lowercased()) == true
    }

    static func name(_ peer: PeerStatus) -> String {
        peer.name ?? peer.identity.map { "\($0)" } ?? "a stranger"
    }

    private static func state(_ peer: PeerStatus) -> String {
        let direction = peer.direction.map { ", \($0.rawValue)" } ?? ""
        let tallies = peer.tallies
        return "\(peer.state.rawValue)\(direction); \(tallies.dials) dials, \(tallies.linksUp) came up, "
            + "\(tallies.linksLost) lost, \(tallies.refusals) refused"
    }

    private struct Entry {
        let at: Int64
        let what: String
        let reason: String
        let decider: String
        let link: String

        var time: String { TimestampText.format(milliseconds: max(0, at)) }

        init(_ outcome: PeerOutcome) {
            at = outcome.at.milliseconds
            what = outcome.kind.rawValue
            reason = outcome.isPeersWord ? "peer said: \(outcome.reason.rawValue)" : outcome.reason.rawValue
            decider =
                switch outcome.ender {
                case .us: "we"
                case .peer: "the peer"
                case .transport, nil: "the network"
                }
            // A connection that was turned away before it got a generation has none.
            link =
                outcome.link.number == 0
                ? "-" : "\(outcome.link)" + (outcome.direction.map { ", \($0.rawValue)" } ?? "")
        }

        init(_ objection: PeerObjection) {
            at = objection.at.milliseconds
            what = objection.kind == .message ? "message dropped" : "\(objection.kind.rawValue) not taken"
            reason = objection.cause
            decider = "we"
            link = "-"
        }
    }
}

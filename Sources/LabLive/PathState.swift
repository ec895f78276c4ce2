import Kernel
import Lab

/// What the router between the hosts of a ``NamespaceNetwork`` does to their packets, and the rules that make it so.
package struct PathState: Sendable, Hashable {
    /// A direction in which every packet vanishes.
    package struct Direction: Sendable, Hashable {
        package var from: Int
        package var to: Int
    }

    /// A host behind address translation.
    package struct Translation: Sendable, Hashable {
        package var host: Int
        package var idle: Duration
    }

    package private(set) var blocked: [Direction] = []
    package private(set) var closed: [Int] = []
    /// Hosts without power: nothing leaves them and nothing arrives, and nobody is told.
    package private(set) var dark: [Int] = []
    package private(set) var translated: [Translation] = []

    package init() {}

    /// Takes a step of a plan in.
    ///
    /// - Returns: whether the rules are other ones now.
    package mutating func apply(_ change: WorldChange) -> Bool {
        let before = self
        switch change {
        case .block(let from, let to): blocked = blocked.adding(Direction(from: from, to: to))
        case .unblock(let from, let to): blocked.removeAll { $0 == Direction(from: from, to: to) }
        case .closeInbound(let host): closed = closed.adding(host)
        case .openInbound(let host): closed.removeAll { $0 == host }
        case .powerOff(let host): dark = dark.adding(host)
        case .powerOn(let host): dark.removeAll { $0 == host }
        case .translate(let host, let idle):
            translated.removeAll { $0.host == host }
            translated.append(Translation(host: host, idle: idle))
        case .endTranslation(let host): translated.removeAll { $0.host == host }
        case .stall, .resume, .kill, .start, .simulatedOnly: break
        }
        return self != before
    }

    /// The seconds after which the router forgets an idle connection; it has one figure for all.
    package var translationIdle: Int? { translated.map { Int(max(1, $0.idle.seconds.rounded())) }.min() }

    /// A script for `nft -f -` that replaces the rules at once.
    ///
    /// Everything is dropped before the router looks for a route: it has nothing to say to anybody then.
    ///
    /// - Parameter addresses: of the hosts, in their order.
    package func script(addresses: [String]) -> String {
        var cut: [String] = []
        for host in dark { cut += ["ip saddr \(addresses[host]) drop", "ip daddr \(addresses[host]) drop"] }
        for path in blocked { cut.append("ip saddr \(addresses[path.from]) ip daddr \(addresses[path.to]) drop") }
        for host in closed { cut.append("ip daddr \(addresses[host]) tcp flags & (syn | ack) == syn drop") }
        var lines = ["add table ip lab", "delete table ip lab", "table ip lab {"]
        lines += Self.chain("cut", "filter hook prerouting priority -300", cut)
        if !translated.isEmpty { lines += translationChains(addresses) }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    /// What a home router does: outgoing connections are mapped, everything else that comes vanishes.
    private func translationChains(_ addresses: [String]) -> [String] {
        var forward: [String] = []
        for host in translated.map({ addresses[$0.host] }) {
            forward += [
                "ip saddr \(host) ct state established,related accept",
                "ip saddr \(host) tcp flags & (syn | ack) == syn ct state new accept", "ip saddr \(host) drop",
                "ip daddr \(host) ct state established,related accept", "ip daddr \(host) drop",
            ]
        }
        return Self.chain(
            "translate", "nat hook postrouting priority 100",
            translated.map { "ip saddr \(addresses[$0.host]) masquerade" }
        ) + Self.chain("guard", "filter hook forward priority 0", forward)
            // What belongs to a forgotten mapping is for the router itself, which must not answer it.
            + Self.chain("own", "filter hook input priority 0", ["ip protocol tcp drop"])
    }

    private static func chain(_ name: String, _ kind: String, _ rules: [String]) -> [String] {
        [" chain \(name) {", "  type \(kind); policy accept;"] + rules.map { "  \($0)" } + [" }"]
    }
}

extension Array where Element: Equatable {
    fileprivate func adding(_ element: Element) -> [Element] { contains(element) ? self : self + [element] }
}

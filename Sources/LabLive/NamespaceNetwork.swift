import Foundation
import Kernel
import Lab
import Synchronization
import Wire

/// Hosts that are network namespaces with the scenario's own addresses, and a router between them that is one more.
///
/// Each host has one cable, to the router; what a fault takes away is taken away at the router, so that the hosts keep
/// their carrier and are told nothing. Where the scenario asks for latency or loss, the cables are a ``PacketRelay``.
/// The addresses exist inside the namespaces only; nothing of the machine is changed.
final class NamespaceNetwork: LiveNetwork {
    private static let gateway = "169.254.1.1"

    let endpoints: [Endpoint]
    private let addresses: [String]
    private let retries: Int
    private let name: String
    private let ip: String
    private let nft: String
    private let relay: PacketRelay?
    private let state = Mutex(PathState())
    private let isRemoved = Mutex(false)

    /// Makes the namespaces, and first removes those that a process which is gone has left behind.
    ///
    /// - Throws: ``LiveError`` `tool-failed` where this machine or this user may not; nothing is left then.
    init(_ scenario: Scenario, seed: UInt64) throws(LiveError) {
        guard let ip = Tool.path(of: "ip") else {
            throw LiveError(.toolFailed, "there is no 'ip' on this machine: install iproute2")
        }
        guard let nft = Tool.path(of: "nft") else {
            throw LiveError(.toolFailed, "there is no 'nft' on this machine: install nftables")
        }
        (self.ip, self.nft) = (ip, nft)
        endpoints = scenario.network.hosts.map(\.endpoint)
        addresses = endpoints.map(\.ip.description)
        retries = scenario.network.tcpRetries
        name = NamespacePair.freshName()
        relay = PacketRelay.isNeeded(for: scenario) ? PacketRelay(scenario, seed: seed) : nil
        NamespacePair.removeLeftovers(ip)
        do throws(LiveError) {
            try build()
        } catch {
            remove()
            throw error
        }
    }

    deinit { remove() }

    private var router: String { "\(name)-r" }
    private func port(_ host: Int) -> String { "to-\(host + 1)" }
    private func space(_ host: Int) -> String { "\(name)-\(host + 1)" }

    func command(on host: Int, _ program: String, _ arguments: [String]) -> (String, [String]) {
        (ip, ["netns", "exec", space(host), program] + arguments)
    }

    // MARK: Faults

    func apply(_ changes: [WorldChange]) throws(LiveError) {
        let next = state.withLock { state -> PathState? in
            var isChanged = false
            for change in changes where state.apply(change) { isChanged = true }
            return isChanged ? state : nil
        }
        guard let next else { return }
        try Tool.run(
            ip, ["netns", "exec", router, nft, "-f", "-"], input: next.script(addresses: addresses)
        )
        if let idle = next.translationIdle {
            // A packet in the middle of a connection that nobody remembers must not make a new mapping.
            try set(
                [
                    "net.netfilter.nf_conntrack_tcp_timeout_established": idle,
                    "net.netfilter.nf_conntrack_tcp_loose": 0,
                ], in: router)
        }
    }

    func losePower(_ host: Int) throws(LiveError) {
        // The cable first: connections that nobody has acknowledged the end of keep a namespace without a name alive.
        if let relay {
            relay.detach(host)
        } else {
            try Tool.run(ip, ["-n", router, "link", "del", port(host)])
        }
        try Tool.run(ip, ["netns", "del", space(host)])
    }

    func restorePower(_ host: Int) throws(LiveError) {
        try Tool.run(ip, ["netns", "add", space(host)])
        try attach(host)
    }

    // MARK: Making and removing

    private func build() throws(LiveError) {
        let spaces = endpoints.indices.map(space) + [router]
        try Tool.run(ip, ["-batch", "-"], input: spaces.map { "netns add \($0)\n" }.joined())
        try set(["net.ipv4.ip_forward": 1], in: router)
        try Tool.run(ip, ["-n", router, "link", "set", "lo", "up"])
        for host in endpoints.indices { try attach(host) }
        relay?.start()
        try Tool.run(ip, ["netns", "exec", router, nft, "-f", "-"], input: PathState().script(addresses: addresses))
    }

    private func attach(_ host: Int) throws(LiveError) {
        let port = port(host)
        if let relay {
            try relay.attach(host, space: Self.path(space(host)), router: Self.path(router), port: port)
        } else {
            // Both ends are born inside: the machine's own namespace never sees an interface.
            try Tool.run(
                ip,
                [
                    "-n", router, "link", "add", "name", port, "type", "veth", "peer", "name", "eth0", "netns",
                    space(host),
                ]
            )
        }
        try Tool.run(
            ip, ["-n", router, "-batch", "-"],
            input: """
                addr add \(Self.gateway)/32 dev \(port)
                link set \(port) up txqueuelen 4000
                route add \(addresses[host])/32 dev \(port)

                """
        )
        try Tool.run(
            ip, ["-n", space(host), "-batch", "-"],
            input: """
                link set lo up
                addr add \(addresses[host])/32 dev eth0
                link set eth0 up txqueuelen 4000
                route add \(Self.gateway) dev eth0 scope link
                route add default via \(Self.gateway) dev eth0

                """
        )
        try set(["net.ipv4.tcp_retries2": retries], in: space(host))
    }

    private static func path(_ space: String) -> String { "/var/run/netns/\(space)" }

    private func set(_ parameters: KeyValuePairs<String, Int>, in space: String) throws(LiveError) {
        let script = parameters.map { "echo \($0.value) > /proc/sys/\($0.key.replacing(".", with: "/"))" }
        try Tool.run(ip, ["netns", "exec", space, "/bin/sh", "-ec", script.joined(separator: "\n")])
    }

    func remove() {
        let isFirst = isRemoved.withLock { isRemoved in
            defer { isRemoved = true }
            return !isRemoved
        }
        guard isFirst else { return }
        relay?.stop()
        // One that is not there (its host has no power) is no reason to leave the others.
        for space in endpoints.indices.map(space) + [router] { _ = try? Tool.run(ip, ["netns", "del", space]) }
    }
}

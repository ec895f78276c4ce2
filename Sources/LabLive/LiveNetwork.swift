import Kernel
import Lab
import Wire

/// The hosts of a live run and what lies between them.
protocol LiveNetwork: Sendable {
    /// Where each node listens, in the hosts' order.
    var endpoints: [Endpoint] { get }

    /// The command that runs a program on a host.
    func command(on host: Int, _ program: String, _ arguments: [String]) -> (String, [String])

    /// Does to the network what a step asks for; blocks until it is in effect. Processes are not its business.
    func apply(_ changes: [WorldChange]) throws(LiveError)

    /// The machine of a host is off: everything that its kernel had goes. Its process is gone already.
    func losePower(_ host: Int) throws(LiveError)

    /// The machine is there again, as it was at the beginning.
    func restorePower(_ host: Int) throws(LiveError)

    /// Takes everything away; calling it again does nothing.
    func remove()
}

/// Hosts that are loopback addresses of this machine: 127.x.y.1 and so on.
final class LoopbackNetwork: LiveNetwork {
    private static let port: UInt16 = 24_100
    let endpoints: [Endpoint]

    /// The addresses have the order of the scenario's, so that a rule by address means the same.
    init(_ scenario: Scenario) {
        // Over a name that only this run has.
        var hash = FNV1a.hash(NamespacePair.freshName().utf8)
        hash ^= hash >> 32
        // 127.0.x.y is where everything else of a machine lives.
        let prefix = 127 << 24 | UInt32(1 + hash % 254) << 16 | UInt32(hash / 254 % 256) << 8
        let wanted = scenario.network.hosts.map(\.endpoint)
        let sorted = wanted.sorted()
        endpoints = wanted.map { endpoint in
            let rank = UInt32(sorted.firstIndex(of: endpoint) ?? 0)
            return Endpoint(ip: IPAddress(version4: prefix | (rank + 1)), port: Self.port)
        }
    }

    func command(on host: Int, _ program: String, _ arguments: [String]) -> (String, [String]) {
        (program, arguments)
    }

    func apply(_ changes: [WorldChange]) {}

    func losePower(_ host: Int) throws(LiveError) {
        throw LiveError(.badCase, "loopback cannot fall silent")
    }

    func restorePower(_ host: Int) throws(LiveError) {
        throw LiveError(.badCase, "loopback cannot fall silent")
    }

    func remove() {}
}

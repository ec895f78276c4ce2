import Kernel
import Wire

// What hosts hold of others, and who those say they are.
extension Simulation {
    /// A host has a connection more than before.
    mutating func noteHeld(_ host: Int) {
        guard !hosts[host].isStranger, let count = hosts[host].node?.linkCount else { return }
        collector.holds(count, host)
        monitor.holds(count, host, in: self)
    }

    /// A host counts a link as up, with this peer at its other end.
    func noteUp(_ link: LinkID, _ peer: Identity, _ host: Int) {
        guard !hosts[host].isStranger, let socket = place(of: link, host) else { return }
        let other = sockets[socket ^ 1].host
        if other >= 0, hosts[other].identity != peer { monitor.believed(host, other, in: self) }
    }
}

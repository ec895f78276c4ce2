import Kernel
import Wire

// Who gives way when there are more accepted connections than may be on their way to being up.
extension HostDriver {
    /// Makes room for a connection that came in beyond the limit, where that is fair: the site that has the most of them
    /// loses its oldest, if the newcomer's site is left with fewer even so. It is the rule that `single-link` has for
    /// handshakes, for those that the node has not heard of yet, or is done with.
    func makeRoom(for newcomer: LinkConnection) -> Bool {
        guard strangers > Self.strangerLimit else { return true }
        var sites: [IPAddress: (oldest: LinkConnection, count: Int)] = [:]
        for connection in sockets.values
        where connection !== newcomer && connection.direction == .accepted && !connection.isUp {
            guard let site = connection.remote?.ip.site else { continue }
            var entry = sites[site] ?? (connection, 0)
            if connection.serial < entry.oldest.serial { entry.oldest = connection }
            entry.count += 1
            sites[site] = entry
        }
        let own = newcomer.remote.flatMap { sites[$0.ip.site]?.count } ?? 0
        // Of two sites with as many, the one whose oldest came first.
        let loudest = sites.values.max { ($0.count, $1.oldest.serial) < ($1.count, $0.oldest.serial) }
        guard let loudest, loudest.count > own + 1 else { return false }
        drop(loudest.oldest)
        return true
    }

    /// Ends a stranger's connection at once, without waiting for its end of stream.
    private func drop(_ connection: LinkConnection) {
        switch connection.stage {
        case .opening: refuse(connection, .tooManyLinks)
        case .open:
            fail(connection, .tooManyLinks)
            turn()
        case .closing, .closed: break
        }
        connection.abandon()
    }
}

import Wire

extension Scenario.NetworkModel {
    /// The hosts that the host of this number knows as masternodes, itself included where it is one, in rising order.
    /// Nobody knows of twins, of hosts of other networks or of adversaries; those know everybody.
    func members(seenBy host: Int) -> [Int] {
        guard let neighbours, neighbours < hosts.count - 1 else { return hosts.indices.filter(isMember) }
        let half = max(1, neighbours / 2)
        var members = [host]
        for step in 1...half {
            members.append((host + step) % hosts.count)
            members.append((host + hosts.count - step) % hosts.count)
        }
        return members.filter(isMember).sorted()
    }

    /// Each host knows its neighbours only, so that no two lists of masternodes are alike.
    var isPartlyKnown: Bool { neighbours.map { $0 < hosts.count - 1 } ?? false }

    private func isMember(_ host: Int) -> Bool { hosts[host].twinOf == nil && !hosts[host].isStranger }

    /// What the network file of `host` says of where `member` is; nil where it does not say.
    package func listedEndpoint(of member: Int, seenBy host: Int) -> Endpoint? {
        let entry = hosts[member]
        // Whoever moves a node tells that node.
        if member == host { return entry.endpoint }
        if let known = hosts[host].knows { return known.contains(member) ? entry.listedAt ?? entry.endpoint : nil }
        return entry.isListed ? entry.listedAt ?? entry.endpoint : nil
    }
}

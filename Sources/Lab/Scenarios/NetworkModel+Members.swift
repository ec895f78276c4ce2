import Wire

extension Scenario.NetworkModel {
    /// The hosts that the host of this number knows as masternodes, itself included, in rising order. Nobody knows of twins.
    func members(seenBy host: Int) -> [Int] {
        guard let neighbours, neighbours < hosts.count - 1 else {
            return hosts.indices.filter { hosts[$0].twinOf == nil }
        }
        let half = max(1, neighbours / 2)
        var members = [host]
        for step in 1...half {
            members.append((host + step) % hosts.count)
            members.append((host + hosts.count - step) % hosts.count)
        }
        return members.filter { hosts[$0].twinOf == nil }.sorted()
    }

    /// What the network file of `host` says of where `member` is; nil where it does not say.
    package func listedEndpoint(of member: Int, seenBy host: Int) -> Endpoint? {
        let entry = hosts[member]
        // Whoever moves a node tells that node.
        if member == host { return entry.endpoint }
        if let known = hosts[host].knows { return known.contains(member) ? entry.listedAt ?? entry.endpoint : nil }
        return entry.isListed ? entry.listedAt ?? entry.endpoint : nil
    }
}

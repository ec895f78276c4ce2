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
}

extension Scenario.NetworkModel {
    /// The hosts that the host of this number knows as masternodes, itself included, in rising order.
    func members(seenBy host: Int) -> [Int] {
        guard let neighbours, neighbours < hosts.count - 1 else { return Array(hosts.indices) }
        let half = max(1, neighbours / 2)
        var members = [host]
        for step in 1...half {
            members.append((host + step) % hosts.count)
            members.append((host + hosts.count - step) % hosts.count)
        }
        return members.sorted()
    }
}

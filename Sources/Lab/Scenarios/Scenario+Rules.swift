import Collections
import Kernel
import Profile

// What a scenario file must not say though each of its values may be. Each message begins with its place.
extension Scenario {
    /// Words that mean something else where a fault or a path names a host.
    private static let takenWords = ["all", "drawn", "in-turn"]

    /// What is wrong with the names and addresses of hosts.
    static func hostProblems(_ hosts: [Options]) -> [String] {
        var problems: [String] = []
        var names: OrderedDictionary<String, Int> = [:]
        var addresses: OrderedDictionary<String, Int> = [:]
        for (index, host) in hosts.enumerated() {
            let name = host.string("name")
            let place = "network.hosts[\(index)]"
            if let first = names[name] {
                problems.append("\(place).name: '\(name)' is hosts[\(first)] already: give each host a name of its own")
            } else if name.isEmpty || Int(name) != nil || takenWords.contains(name) {
                problems.append(
                    "\(place).name: a host cannot be called '\(name)', which means something else in a plan of faults: "
                        + "give it another name"
                )
            }
            names[name] = names[name] ?? index
            let address = AddressText.address(host.string("address")) ?? ""
            if let first = addresses[address] {
                problems.append(
                    "\(place).address: \(address) is that of hosts[\(first)] (\(hosts[first].string("name"))) already: give "
                        + "each host an address of its own"
                )
            } else if let why = AddressText.whyUndialable(address) {
                problems.append("\(place).address: \(why): give one that can be dialled, such as 192.0.2.1")
            }
            addresses[address] = addresses[address] ?? index
            if let why = host.optionalString("listed_at").flatMap(AddressText.whyUndialable) {
                problems.append("\(place).listed_at: \(why): give one that could be dialled, such as 192.0.2.1")
            }
        }
        return problems
    }

    /// How many masternodes a block needs, and what is wrong where so many cannot be.
    static func minimumMasternodes(
        _ network: Options, _ hosts: [NetworkModel.Host]
    ) -> (minimum: Int, problems: [String]) {
        let members = hosts.count { $0.twinOf == nil && !$0.isStranger }
        let known = network.optionalInteger("neighbours").map { min(members, 2 * max(1, $0 / 2) + 1) } ?? members
        guard let minimum = network.optionalInteger("minimum_masternodes") else { return (max(1, min(3, known)), []) }
        guard minimum > known else { return (minimum, []) }
        let what = known < members ? "the \(known) masternodes that a node knows" : "the \(members) masternodes"
        return (
            minimum,
            [
                "network.minimum_masternodes: \(minimum) is more than \(what), so that no block can be: write \(known) or less"
            ]
        )
    }

    /// What would never happen because the run is over before.
    static func lateness(_ options: Options, _ duration: Duration) -> [String] {
        var problems: [String] = []
        for (index, host) in options.record("network").records("hosts").enumerated() {
            guard let start = host.optionalDuration("start_at"), start >= duration else { continue }
            problems.append(
                "network.hosts[\(index)].start_at: \(tooLate(start, duration, "the host would never start"))")
        }
        if let until = options.optionalRecord("swarm")?.duration("until"), until > duration {
            problems.append("swarm.until: \(tooLate(until, duration, "faults would be drawn that never happen"))")
        }
        return problems
    }

    /// - Parameter what: what would come of it.
    static func tooLate(_ moment: Duration, _ duration: Duration, _ what: String) -> String {
        "\(DurationText.format(moment)) is not within the run of \(DurationText.format(duration)), so \(what): make the run "
            + "longer, or name an earlier moment"
    }

    /// The names of the hosts that there are, a few of them.
    static func namesInWords(_ hosts: [NetworkModel.Host]) -> String {
        "there are \(hosts.prefix(10).map(\.name).joined(separator: ", "))" + (hosts.count > 10 ? ", …" : "")
    }
}

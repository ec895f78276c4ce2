import Foundation
import Kernel
import Lab
import Profile

/// How a scenario is run on the real kernel.
package enum LiveDriver: String, Sendable, CaseIterable {
    /// Processes on loopback addresses of this machine.
    case live
    /// A network namespace for each node, and one more as the router between them.
    case netns

    /// Why a scenario cannot be run this way, in whole sentences; none where it can.
    ///
    /// A driver that left a fault out would compare other things than the scenario says, so it refuses beforehand.
    ///
    /// - Parameters:
    ///   - places: where the faults stand, such as `FILE:LINE`, by their number; see ``FaultPlaces``.
    ///   - retries: `net.ipv4.tcp_retries2` of this machine, where it is known.
    package func refusals(
        _ scenario: Scenario, seeds: [UInt64], places: [String], retries: Int? = LiveDriver.machineRetries
    ) -> [String] {
        var refusals: [String] = []
        for (index, place) in places.enumerated() {
            var reasons: [String] = []
            for seed in seeds {
                for step in scenario.faultSteps(seed: seed) where step.fault == index {
                    for reason in step.changes.compactMap(refusal) where !reasons.contains(reason) {
                        reasons.append(reason)
                    }
                }
            }
            refusals += reasons.map { "\(place): \($0)" }
        }
        return refusals + networkRefusals(scenario, retries)
    }

    private func networkRefusals(_ scenario: Scenario, _ retries: Int?) -> [String] {
        let network = scenario.network
        var refusals: [String] = []
        if network.hosts.count > Self.mostHosts {
            refusals.append(
                "\(scenario.name): \(network.hosts.count) hosts are too many processes for one machine: at most \(Self.mostHosts)"
            )
        }
        refusals += simulatedOnly(scenario).map {
            "\(scenario.name): \($0) is not had from a real machine here: use --driver simulation"
        }
        switch self {
        case .live:
            if network.lossPerMillion > 0 || network.paths.contains(where: { ($0.lossPerMillion ?? 0) > 0 }) {
                refusals.append(
                    "\(scenario.name): loss_per_million: loopback loses nothing: use --driver netns"
                )
            }
            if let retries, retries != network.tcpRetries {
                refusals.append(
                    "\(scenario.name): tcp_retries: this machine has \(retries), the scenario asks for "
                        + "\(network.tcpRetries), and a process cannot have its own: use --driver netns"
                )
            }
        case .netns:
            for host in network.hosts where host.endpoint.ip.isVersion6 {
                refusals.append("\(scenario.name): host \(host.name): netns has IPv4 addresses only")
            }
        }
        return refusals
    }

    /// What the scenario asks of hosts and network that only the simulator has, by its key.
    private func simulatedOnly(_ scenario: Scenario) -> [String] {
        let network = scenario.network
        return [
            scenario.swarm == nil ? nil : "swarm",
            scenario.supervisor == nil ? nil : "supervisor",
            network.bandwidth == nil ? nil : "network.bandwidth_kbit",
            network.service == nil ? nil : "network.service",
            network.clockOffset == .zero ? nil : "network.clock_offset",
            network.clockDrift == 0 ? nil : "network.clock_drift_ppm",
            network.hosts.contains { $0.twinOf != nil } ? "network.hosts.twin_of" : nil,
            network.hosts.contains { $0.foreignNetwork != nil } ? "network.hosts.network" : nil,
            network.hosts.contains { $0.adversary != nil } ? "network.hosts.adversary" : nil,
            network.hosts.contains { $0.listedAt != nil } ? "network.hosts.listed_at" : nil,
            network.hosts.contains { $0.profile != nil } ? "network.hosts.profile" : nil,
        ].compactMap { $0 }
    }

    private static let mostHosts = 64

    /// Why this driver cannot do it; nil where it can.
    private func refusal(_ change: WorldChange) -> String? {
        switch (self, change) {
        case (_, .simulatedOnly(let what)):
            return "\(what) cannot be done to a real machine here: use --driver simulation"
        case (.netns, _), (_, .stall), (_, .resume), (_, .kill), (_, .start): return nil
        case (.live, .powerOff), (.live, .powerOn):
            return "power_loss: loopback cannot fall silent, its kernel says goodbye for a process: use --driver netns"
        case (.live, .closeInbound), (.live, .openInbound):
            return "close_inbound: on loopback it would need packet filter rules in this machine's own network: "
                + "use --driver netns"
        case (.live, .block), (.live, .unblock):
            return "drop, partition: on loopback it would need packet filter rules in this machine's own network: "
                + "use --driver netns"
        case (.live, .translate), (.live, .endTranslation):
            return "translation: there is no router on loopback: use --driver netns"
        }
    }

    /// What a run of this driver does not have of the scenario, in whole sentences: it goes on without.
    package func remarks(_ scenario: Scenario) -> [String] {
        guard self == .live, scenario.network.latencyRange.upperBound > .milliseconds(1) else { return [] }
        let range = scenario.network.latencyRange
        return [
            "\(scenario.name): loopback takes about 0.03 ms, not the scenario's "
                + "\(DurationText.format(range.lowerBound)) to \(DurationText.format(range.upperBound)); "
                + "--driver netns has them"
        ]
    }

    /// Why this machine or this user may not; nil where they may. Tried once a process.
    package func unavailableReason() -> String? {
        switch self {
        case .live: nil
        case .netns:
            NamespacePair.unavailableReason()
                ?? (Tool.path(of: "nft") == nil ? "there is no 'nft' on this machine: install nftables" : nil)
        }
    }

    /// `net.ipv4.tcp_retries2` of this machine; nil where nobody says.
    package static let machineRetries: Int? = {
        guard let text = try? String(contentsOfFile: "/proc/sys/net/ipv4/tcp_retries2", encoding: .utf8) else {
            return nil
        }
        return Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }()
}

/// Where the faults of a scenario file stand.
package enum FaultPlaces {
    /// `FILE:LINE` for each fault, by its number; without a line where the file does not show which is which.
    ///
    /// - Parameter text: of the scenario file.
    package static func places(of scenario: Scenario, path: String, text: String) -> [String] {
        var found: [(at: Duration, line: Int)] = []
        var isInside = false
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if let first = line.first, first != " ", first != "-", first != "#" { isInside = line.hasPrefix("faults:") }
            guard isInside, !line.drop(while: { $0 == " " }).hasPrefix("#") else { continue }
            for match in line.matches(of: /\bat:\s*"?([0-9a-z.]+)/) {
                if let at = DurationText.parse(String(match.1)) { found.append((at, index + 1)) }
            }
        }
        let sorted = found.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
        let marks = scenario.faultMarks(seed: 1)
        let matches = sorted.map(\.element.at) == scenario.faults.map(\.at)
        return scenario.faults.indices.map { index in
            let place = matches ? "\(path):\(sorted[index].element.line)" : path
            return "\(place): the fault at \(DurationText.format(scenario.faults[index].at)) (\(marks[index].label))"
        }
    }
}

import Kernel
import Trace

extension Simulation {
    /// What a replay has to know to make this run's nodes again.
    ///
    /// - Parameter program: name and version of this program.
    package borrowing func traceHeader(program: String) -> TraceHeader {
        var networks: [NetworkView] = []
        var nodes: [TraceHeader.Node] = []
        var profiles: [TraceHeader.Profile] = []
        for host in hosts {
            let network = networkView(of: host.index)
            // Most hosts see the same network; it is written once.
            let place = networks.lastIndex(of: network) ?? networks.endIndex
            if place == networks.endIndex { networks.append(network) }
            let profile = profile(of: host.index)
            let kind = profiles.firstIndex(of: profile.traced) ?? profiles.endIndex
            if kind == profiles.endIndex { profiles.append(profile.traced) }
            nodes.append(
                TraceHeader.Node(
                    name: host.name, identity: host.identity, endpoint: host.endpoint,
                    connectTimeout: profile.transport.connectTimeout, profile: kind, network: place
                )
            )
        }
        let traffic = scenario.traffic.map {
            TraceHeader.Traffic(requestBytes: $0.requestBytes, replyBytes: $0.replyBytes, interval: $0.interval)
        }
        return TraceHeader(
            program: program,
            source: .simulation(TraceHeader.Scenario(name: scenario.name, seed: seed, traffic: traffic)),
            profiles: profiles, networks: networks, nodes: nodes
        )
    }
}

import Kernel
import Profile
import Wire

extension Scenario {
    /// Reads a scenario file; its name is the file's.
    public static func load(path: String) -> LoadOutcome<Scenario> {
        let name = path.split(separator: "/").last.map { String($0) } ?? path
        let stem = name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name
        return DocumentLoader().load(path: path, spec: spec, what: "the scenario").map {
            make($0, name: stem).0?.resolvingProfiles(in: path.dropLast(name.count))
        }
    }

    /// Reads a scenario from text, for tests and generated plans.
    public static func load(text: String, name: String) -> LoadOutcome<Scenario> {
        DocumentLoader().load(text: text, name: "\(name).yaml", spec: spec, what: "the scenario")
            .map { make($0, name: name).0 }
    }

    /// The scenario with the profiles of its hosts as paths from where the program runs.
    private func resolvingProfiles(in folder: Substring) -> Scenario {
        var scenario = self
        for index in scenario.network.hosts.indices {
            guard let profile = scenario.network.hosts[index].profile, !profile.hasPrefix("/"),
                !profile.hasPrefix("~")
            else { continue }
            scenario.network.hosts[index].profile = folder + profile
        }
        return scenario
    }

    /// The scenario that the options say, or what is wrong with them; each message begins with its place.
    static func make(_ options: Options, name: String) -> (Scenario?, [String]) {
        let (model, unknown) = network(options.record("network"))
        let duration = options.duration("duration")
        var (faults, problems) = Fault.plan(options, hosts: model.hosts, duration: duration)
        problems = unknown + problems + lateness(options, duration)
        let traffic = options.optionalRecord("traffic").map {
            Traffic(requestBytes: $0.bytes("request"), replyBytes: $0.bytes("reply"), interval: $0.duration("interval"))
        }
        faults.sort { $0.at < $1.at }
        let truth = options.record("truth")
        var scenario = Scenario(
            name: name, summary: options.string("summary"), duration: duration,
            warmUp: options.duration("warm_up"), network: model, startSpread: options.duration("start_spread"),
            startAt: starts(of: options.record("network")), traffic: traffic,
            healthyIfStallBelow: truth.optionalDuration("healthy_if_stall_below"),
            faults: faults, recoverWithin: truth.duration("recover_within"),
            swarm: options.optionalRecord("swarm").map(Swarm.init)
        )
        scenario.supervisor = options.optionalRecord("supervisor").map(Supervisor.init)
        return (problems.isEmpty ? scenario : nil, problems)
    }

    /// The host whose key a twin has, through twins of twins; nil where that is no host, or the twin itself.
    private static func root(of twin: Int, _ hosts: [NetworkModel.Host], _ originals: [String?]) -> Int? {
        var root = twin
        for _ in hosts {
            guard let name = originals[root] else { return root == twin ? nil : root }
            guard let next = hosts.firstIndex(where: { $0.name == name }), next != root else { return nil }
            root = next
        }
        return nil
    }

    private static func network(_ options: Options) -> (NetworkModel, [String]) {
        var hosts: [NetworkModel.Host] = []
        for host in options.records("hosts") {
            guard let ip = IPAddress(host.string("address")) else { continue }
            hosts.append(
                NetworkModel.Host(
                    name: host.string("name"), endpoint: Endpoint(ip: ip, port: 24_100),
                    profile: host.optionalString("profile"), foreignNetwork: host.optionalString("network"),
                    adversary: host.optionalRecord("adversary").map(Adversary.init)
                )
            )
        }
        var problems = hostProblems(options.records("hosts")) + Adversary.problems(options.records("hosts"))
        problems += readTwins(options, &hosts)
        problems += readKnowledge(options, &hosts)
        for number in 0..<(options.optionalInteger("count") ?? 0) {
            // Addresses of the benchmarking range (RFC 2544), in an order that is neither text nor number order.
            let mixed = UInt32(truncatingIfNeeded: number &* 40_503) & 0xffff
            let ip = IPAddress(version4: 198 << 24 | 18 << 16 | mixed)
            hosts.append(NetworkModel.Host(name: "n\(number + 1)", endpoint: Endpoint(ip: ip, port: 24_100)))
        }
        let (paths, unknown) = paths(options, hosts: hosts)
        problems += unknown
        let (minimum, excess) = minimumMasternodes(options, hosts)
        problems += excess
        var model = NetworkModel(
            slotInterval: options.duration("slot_interval"), minimumMasternodes: minimum, hosts: hosts,
            neighbours: options.optionalInteger("neighbours"),
            latency: options.duration("latency_minimum")...options.duration("latency_maximum"),
            jitter: options.duration("jitter"), lossPerMillion: options.integer("loss_per_million"),
            tcpRetries: options.integer("tcp_retries"),
            bandwidth: options.optionalInteger("bandwidth_kbit").map { Bandwidth(bitsPerSecond: 1000 * $0) },
            sendBufferBytes: options.bytes("send_buffer"), receiveBufferBytes: options.bytes("receive_buffer"),
            backlog: options.integer("backlog"), clockOffset: options.duration("clock_offset"),
            clockDrift: options.integer("clock_drift_ppm"),
            service: options.optionalRecord("service").map {
                ServiceCost(
                    message: $0.duration("message"), block: $0.duration("block"),
                    exchange: $0.duration("exchange"), accept: $0.duration("accept")
                )
            }
        )
        model.paths = paths
        model.startUp = options.duration("start_up")
        model.bootstrap = options.strings("bootstrap").compactMap { name in
            let host = hosts.firstIndex { $0.name == name }
            if host == nil { problems.append("network.bootstrap: '\(name)' is no host: \(namesInWords(hosts))") }
            return host
        }
        return (model, problems)
    }

    /// Which hosts have another one's key.
    private static func readTwins(_ options: Options, _ hosts: inout [NetworkModel.Host]) -> [String] {
        var problems: [String] = []
        let originals = options.records("hosts").prefix(hosts.count).map { $0.optionalString("twin_of") }
        for index in hosts.indices {
            guard let original = originals[index] else { continue }
            hosts[index].twinOf = root(of: index, hosts, originals)
            if hosts[index].twinOf == nil {
                problems.append(
                    "network.hosts[\(index)].twin_of: '\(hosts[index].name)' is the twin of '\(original)', which is no "
                        + "other host: name one of the others"
                )
            }
        }
        return problems
    }

    /// What network files say of where hosts are.
    private static func readKnowledge(_ options: Options, _ hosts: inout [NetworkModel.Host]) -> [String] {
        var problems: [String] = []
        for (index, host) in options.records("hosts").enumerated() where index < hosts.count {
            hosts[index].isListed = host.boolean("listed")
            if let ip = host.optionalString("listed_at").flatMap({ IPAddress($0) }) {
                hosts[index].listedAt = Endpoint(ip: ip, port: 24_100)
            }
            guard
                let names = host.optionalList("knows")?.compactMap({ value -> String? in
                    if case .string(let name) = value { name } else { nil }
                })
            else { continue }
            hosts[index].knows = names.compactMap { name in
                let known = hosts.firstIndex { $0.name == name }
                if known == nil {
                    problems.append(
                        "network.hosts[\(index)].knows: '\(hosts[index].name)' knows '\(name)', which is no host: "
                            + namesInWords(hosts)
                    )
                }
                return known
            }
        }
        return problems
    }
}

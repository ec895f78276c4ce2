import Kernel
import Profile
import Wire

extension Scenario {
    /// Reads a scenario file; its name is the file's.
    public static func load(path: String) -> LoadOutcome<Scenario> {
        let name = path.split(separator: "/").last.map { String($0) } ?? path
        let stem = name.hasSuffix(".yaml") ? String(name.dropLast(5)) : name
        return DocumentLoader().load(path: path, spec: spec, what: "the scenario").resolved(name: stem)
    }

    /// Reads a scenario from text, for tests and generated plans.
    public static func load(text: String, name: String) -> LoadOutcome<Scenario> {
        DocumentLoader().load(text: text, name: "\(name).yaml", spec: spec, what: "the scenario").resolved(name: name)
    }

    /// A host that a fault names and the network lacks.
    private struct UnknownHost: Error {
        let word: String
    }

    /// A path from a host to itself.
    private struct SamePlace: Error, CustomStringConvertible {
        let description = "'from' and 'to' choose the same host: name one of them"
    }

    fileprivate static func make(_ options: Options, name: String) -> (Scenario?, [String]) {
        let model = network(options.record("network"))
        var problems: [String] = []
        var faults: [Fault] = []
        for (index, fault) in options.records("faults").enumerated() {
            do {
                faults.append(
                    Fault(at: fault.duration("at"), kind: try kind(fault, hosts: model.hosts))
                )
            } catch let error as UnknownHost {
                let names = model.hosts.prefix(10).map(\.name).joined(separator: ", ")
                problems.append("fault \(index + 1): no host '\(error.word)' (there are \(names))")
            } catch {
                problems.append("fault \(index + 1): \(error)")
            }
        }
        let traffic = options.optionalRecord("traffic").map {
            Traffic(requestBytes: $0.bytes("request"), replyBytes: $0.bytes("reply"), interval: $0.duration("interval"))
        }
        let scenario = Scenario(
            name: name, summary: options.string("summary"), duration: options.duration("duration"),
            warmUp: options.duration("warm_up"), network: model, startSpread: options.duration("start_spread"),
            startAt: nil, traffic: traffic,
            healthyIfStallBelow: options.record("truth").optionalDuration("healthy_if_stall_below"),
            faults: faults.sorted { $0.at < $1.at }
        )
        return (problems.isEmpty ? scenario : nil, problems)
    }

    private static func network(_ options: Options) -> NetworkModel {
        var hosts: [NetworkModel.Host] = []
        for host in options.records("hosts") {
            guard let ip = IPAddress(host.string("address")) else { continue }
            hosts.append(NetworkModel.Host(name: host.string("name"), endpoint: Endpoint(ip: ip, port: 24_100)))
        }
        for number in 0..<(options.optionalInteger("count") ?? 0) {
            // Addresses of the benchmarking range (RFC 2544), in an order that is neither text nor number order.
            let mixed = UInt32(truncatingIfNeeded: number &* 40_503) & 0xffff
            let ip = IPAddress(version4: 198 << 24 | 18 << 16 | mixed)
            hosts.append(NetworkModel.Host(name: "n\(number + 1)", endpoint: Endpoint(ip: ip, port: 24_100)))
        }
        return NetworkModel(
            slotInterval: options.duration("slot_interval"),
            minimumMasternodes: options.integer("minimum_masternodes"), hosts: hosts,
            neighbours: options.optionalInteger("neighbours"),
            latency: options.duration("latency_minimum")...options.duration("latency_maximum"),
            jitter: options.duration("jitter"), lossPerMillion: options.integer("loss_per_million"),
            tcpRetries: options.integer("tcp_retries")
        )
    }

    private static func kind(_ fault: Options, hosts: [NetworkModel.Host]) throws -> Fault.Kind {
        let choose = { (word: String) in try choice(word, hosts: hosts) }
        let variant = fault.variant ?? ""
        let detail = fault.record(variant)
        switch variant {
        case "power_loss":
            return .powerLoss(try choose(detail.string("node")), duration: detail.optionalDuration("for"))
        case "stall":
            let least = detail.duration("for")
            return .stall(
                try choose(detail.string("node")),
                duration: least...max(least, detail.optionalDuration("up_to") ?? least)
            )
        case "kill":
            return .kill(try choose(detail.string("node")), down: detail.duration("down"))
        case "close_inbound":
            return .closeInbound(try choose(detail.string("node")), duration: detail.optionalDuration("for"))
        case "drop":
            let (from, to) = (try choose(detail.string("from")), try choose(detail.string("to")))
            if from == to { throw SamePlace() }
            return .drop(
                from: from, to: to, bothWays: detail.boolean("both_ways"), duration: detail.optionalDuration("for")
            )
        case "partition":
            return .partition(first: min(detail.integer("first"), hosts.count), duration: detail.duration("for"))
        default:
            preconditionFailure("the scenario spec lists a fault '\(variant)' that the loader lacks")
        }
    }

    private static func choice(_ word: String, hosts: [NetworkModel.Host]) throws -> HostChoice {
        switch word {
        case "in-turn": return .inTurn
        case "drawn": return .drawn
        default: break
        }
        if let index = hosts.firstIndex(where: { $0.name == word }) { return .index(index) }
        if let index = Int(word), hosts.indices.contains(index) { return .index(index) }
        throw UnknownHost(word: word)
    }
}

extension LoadOutcome where Value == Options {
    fileprivate func resolved(name: String) -> LoadOutcome<Scenario> {
        guard let options = value else { return LoadOutcome<Scenario>(value: nil, diagnostics: diagnostics) }
        let (scenario, problems) = Scenario.make(options, name: name)
        let more = problems.map {
            Diagnostic(severity: .error, code: .rule, location: .wholeFile("\(name).yaml"), message: $0)
        }
        return LoadOutcome<Scenario>(value: scenario, diagnostics: diagnostics + more)
    }
}

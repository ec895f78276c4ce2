import Kernel
import Profile

extension Scenario.Fault {
    /// A host that a fault names and the network lacks.
    private struct UnknownHost: Error {
        let word: String
    }

    /// Two sides of a network of which one is empty.
    private struct NoPartition: Error, CustomStringConvertible {
        let hosts: Int

        var description: String { "'first' leaves nobody on the other side: write \(hosts - 1) or less" }
    }

    /// A path from a host to itself.
    private struct SamePlace: Error, CustomStringConvertible {
        let description = "'from' and 'to' choose the same host: name one of them"
    }

    /// The faults of `options`, which hold a list of them, and what is wrong with them in a run of this length.
    static func plan(
        _ options: Options, hosts: [Scenario.NetworkModel.Host], duration: Duration
    ) -> (faults: [Scenario.Fault], problems: [String]) {
        var faults: [Scenario.Fault] = []
        var problems: [String] = []
        for (index, fault) in options.records("faults").enumerated() {
            let at = fault.duration("at")
            if at >= duration {
                problems.append(
                    "faults[\(index)].at: \(Scenario.tooLate(at, duration, "the fault would never happen"))")
            }
            do {
                faults.append(Scenario.Fault(at: at, kind: try kind(fault, hosts: hosts)))
            } catch let error as UnknownHost {
                problems.append("faults[\(index)]: no host '\(error.word)' (\(Scenario.namesInWords(hosts)))")
            } catch {
                problems.append("faults[\(index)]: \(error)")
            }
        }
        return (faults, problems)
    }

    private static func kind(_ fault: Options, hosts: [Scenario.NetworkModel.Host]) throws -> Kind {
        let variant = fault.variant ?? ""
        let detail = fault.record(variant)
        switch variant {
        case "drop", "reset":
            let from = try choice(detail.string("from"), hosts)
            let to = try choice(detail.string("to"), hosts)
            if from == to, from != .all { throw SamePlace() }
            if variant == "reset" { return .reset(from, to) }
            return .drop(
                from: from, to: to, bothWays: detail.boolean("both_ways"), duration: detail.optionalDuration("for"),
                answer: BlockAnswer(rawValue: detail.string("answer")) ?? .silence
            )
        case "partition":
            guard detail.integer("first") < hosts.count else { throw NoPartition(hosts: hosts.count) }
            return .partition(first: detail.integer("first"), duration: detail.duration("for"))
        default:
            return kind(variant, detail, try choice(detail.string("node"), hosts))
        }
    }

    private static func kind(_ variant: String, _ detail: Options, _ node: Scenario.HostChoice) -> Kind {
        switch variant {
        case "power_loss": return .powerLoss(node, duration: detail.optionalDuration("for"))
        case "stall":
            let least = detail.duration("for")
            return .stall(node, duration: least...max(least, detail.optionalDuration("up_to") ?? least))
        case "long_work": return .work(node, duration: detail.duration("for"))
        case "suspend": return .suspend(node, duration: detail.duration("for"))
        case "kill": return .kill(node, down: detail.duration("down"))
        case "close_inbound": return .closeInbound(node, duration: detail.optionalDuration("for"))
        case "nat":
            return .translate(node, idle: detail.duration("idle"), duration: detail.optionalDuration("for"))
        case "acknowledging_proxy": return .proxy(node, duration: detail.optionalDuration("for"))
        case "weather":
            return .weather(
                node, latency: detail.duration("latency"), lossPerMillion: detail.integer("loss_per_million"),
                duration: detail.optionalDuration("for")
            )
        case "clock":
            return .clock(
                node, by: detail.duration("ahead") - detail.duration("behind"),
                duration: detail.optionalDuration("for")
            )
        case "disk":
            return .disk(
                node, delay: detail.duration("delay"), isFull: detail.boolean("full"),
                duration: detail.optionalDuration("for")
            )
        default: preconditionFailure("the scenario spec lists a fault '\(variant)' that the loader lacks")
        }
    }

    private static func choice(_ word: String, _ hosts: [Scenario.NetworkModel.Host]) throws -> Scenario.HostChoice {
        switch word {
        case "in-turn": return .inTurn
        case "drawn": return .drawn
        case "all": return .all
        default: break
        }
        if let index = hosts.firstIndex(where: { $0.name == word }) { return .index(index) }
        if let index = Int(word), hosts.indices.contains(index) { return .index(index) }
        throw UnknownHost(word: word)
    }
}

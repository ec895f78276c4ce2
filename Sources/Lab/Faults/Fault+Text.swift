import Kernel
import Profile

extension Scenario.Fault {
    /// A plan as a file that can be kept, edited and given back: `faults:` and a line each.
    static func text(_ faults: [Scenario.Fault], hosts: [Scenario.NetworkModel.Host]) -> String {
        guard !faults.isEmpty else { return "faults: []\n" }
        return "faults:\n" + faults.map { "  - {at: \(word($0.at)), \($0.kind.text(hosts))}\n" }.joined()
    }

    fileprivate static func word(_ duration: Duration) -> String { DurationText.format(duration) }
}

extension Scenario.Fault.Kind {
    fileprivate func text(_ hosts: [Scenario.NetworkModel.Host]) -> String {
        let word = { (duration: Duration) in Scenario.Fault.word(duration) }
        let node = { (choice: Scenario.HostChoice) in "node: \(choice.word(hosts))" }
        let lasting = { (duration: Duration?) in duration.map { ", for: \(word($0))" } ?? "" }
        switch self {
        case .powerLoss(let host, let duration): return "power_loss: {\(node(host))\(lasting(duration))}"
        case .stall(let host, let range):
            let most = range.upperBound > range.lowerBound ? ", up_to: \(word(range.upperBound))" : ""
            return "stall: {\(node(host)), for: \(word(range.lowerBound))\(most)}"
        case .work(let host, let duration): return "long_work: {\(node(host)), for: \(word(duration))}"
        case .suspend(let host, let duration): return "suspend: {\(node(host)), for: \(word(duration))}"
        case .kill(let host, let down): return "kill: {\(node(host)), down: \(word(down))}"
        case .closeInbound(let host, let duration): return "close_inbound: {\(node(host))\(lasting(duration))}"
        case .drop(let from, let to, let bothWays, let duration, let answer):
            let more =
                (bothWays ? ", both_ways: true" : "") + (answer == .silence ? "" : ", answer: \(answer.rawValue)")
            return "drop: {from: \(from.word(hosts)), to: \(to.word(hosts))\(more)\(lasting(duration))}"
        case .partition(let first, let duration): return "partition: {first: \(first), for: \(word(duration))}"
        case .reset(let from, let to): return "reset: {from: \(from.word(hosts)), to: \(to.word(hosts))}"
        case .translate(let host, let idle, let duration):
            return "nat: {\(node(host)), idle: \(word(idle))\(lasting(duration))}"
        case .proxy(let host, let duration): return "acknowledging_proxy: {\(node(host))\(lasting(duration))}"
        case .weather(let host, let latency, let loss, let duration):
            return "weather: {\(node(host)), latency: \(word(latency)), loss_per_million: \(loss)\(lasting(duration))}"
        case .clock(let host, let by, let duration):
            let way = by < .zero ? "behind: \(word(.zero - by))" : "ahead: \(word(by))"
            return "clock: {\(node(host)), \(way)\(lasting(duration))}"
        case .disk(let host, let delay, let isFull, let duration):
            return "disk: {\(node(host)), delay: \(word(delay))\(isFull ? ", full: true" : "")\(lasting(duration))}"
        }
    }
}

extension Scenario.HostChoice {
    fileprivate func word(_ hosts: [Scenario.NetworkModel.Host]) -> String {
        switch self {
        // A number is a name that needs no quotes, whatever the host is called.
        case .index(let index): hosts[index].name.allSatisfy(\.isPlain) ? hosts[index].name : String(index)
        case .inTurn: "in-turn"
        case .drawn: "drawn"
        case .all: "all"
        }
    }
}

extension Character {
    fileprivate var isPlain: Bool { isASCII && (isLetter || isNumber || self == "-" || self == "_") }
}

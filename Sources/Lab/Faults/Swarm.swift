import Kernel
import Profile

/// How a plan of faults is drawn from a seed.
///
/// The seed also draws which kinds of fault there are at all and how many (swarm testing: Groce and others, 2012): a plan
/// of everything at once hides what a plan of few kinds, many times over, finds.
public struct Swarm: Sendable, Hashable {
    /// Faults begin after the nodes have started and have all ended by this.
    public var until: Duration
    /// At most so many.
    public var most: Int
    /// None lasts longer.
    public var longest: Duration
    /// Which kinds may be drawn.
    public var kinds: [Kind]

    /// A kind of fault, as plans name it.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case powerLoss = "power_loss"
        case stall
        case suspend
        case kill
        case closeInbound = "close_inbound"
        case drop
        case partition
        case reset
        case translate = "nat"
        case weather
        case clock
        case disk
    }

    public init(until: Duration, most: Int, longest: Duration, kinds: [Kind] = Kind.allCases) {
        self.until = until
        self.most = most
        self.longest = longest
        self.kinds = kinds
    }

    static let spec = OptionSpec([
        .duration(
            "until", in: .seconds(1) ... .seconds(31_536_000), "faults have all ended by this moment of the run"
        ),
        .integer("most", default: 20, in: 1...1_000, "at most so many faults"),
        .duration("longest", default: .seconds(120), in: .milliseconds(10) ... .seconds(86_400), "none lasts longer"),
        .list(
            "kinds", of: .choice(Kind.allCases.map(\.rawValue)),
            default: Kind.allCases.map { .string($0.rawValue) }, count: 1...Kind.allCases.count,
            "which kinds may be drawn"
        ),
    ])

    init(_ options: Options) {
        until = options.duration("until")
        most = options.integer("most")
        longest = options.duration("longest")
        kinds = options.strings("kinds").compactMap(Kind.init)
    }

    /// The faults of one seed, in order of time.
    func draw(seed: UInt64, scenario: Scenario) -> [Scenario.Fault] {
        var stream = RandomStream(seed: seed, name: "swarm")
        var chosen = kinds.filter { _ in stream.chance(1, in: 2) }
        if chosen.isEmpty { chosen = [kinds[Int(stream.below(UInt64(kinds.count)))]] }
        let count = 1 + Int(stream.below(UInt64(most)))
        let plan = (0..<count).compactMap { _ in
            fault(chosen[Int(stream.below(UInt64(chosen.count)))], scenario, &stream)
        }
        return plan.sorted { $0.at < $1.at }
    }

    private func fault(_ kind: Kind, _ scenario: Scenario, _ stream: inout RandomStream) -> Scenario.Fault? {
        let start = scenario.startSpread
        guard until > start else { return nil }
        let at = (start + stream.duration(below: until - start)).wholeMilliseconds
        let most = min(longest, until - at)
        guard most > .milliseconds(10) else { return nil }
        // Short ones as often as long ones: the exponent is drawn, not the length.
        let length = max(.milliseconds(10), (most / (1 << Int(stream.below(10)))).wholeMilliseconds)
        return Scenario.Fault(at: at, kind: draw(kind, lasting: length, scenario.network.hosts.count, &stream))
    }

    private func draw(
        _ kind: Kind, lasting length: Duration, _ hosts: Int, _ stream: inout RandomStream
    ) -> Scenario.Fault.Kind {
        let first = Int(stream.below(UInt64(hosts)))
        let second = (first + 1 + Int(stream.below(UInt64(hosts - 1)))) % hosts
        let node = Scenario.HostChoice.index(first)
        switch kind {
        case .powerLoss: return .powerLoss(node, duration: length)
        case .stall: return .stall(node, duration: length...length)
        case .suspend: return .suspend(node, duration: length)
        case .kill: return .kill(node, down: length)
        // What stands in the way of dials is often there to stay: a firewall, a router at home.
        case .closeInbound: return .closeInbound(node, duration: stream.chance(1, in: 3) ? nil : length)
        case .drop:
            return .drop(
                from: node, to: .index(second), bothWays: stream.chance(1, in: 2), duration: length,
                answer: stream.chance(1, in: 4) ? .reset : .silence
            )
        case .partition: return .partition(first: 1 + Int(stream.below(UInt64(hosts - 1))), duration: length)
        case .reset: return .reset(node, .index(second))
        case .translate:
            let idle = Duration.seconds(Int64(20 + stream.below(100)))
            return .translate(node, idle: idle, duration: stream.chance(1, in: 3) ? nil : length)
        case .weather:
            return .weather(
                node, latency: .milliseconds(Int64(stream.below(1000))),
                lossPerMillion: Int(stream.below(300_000)), duration: length
            )
        case .clock:
            let by = Duration.milliseconds(Int64(stream.below(60_000)))
            return .clock(node, by: stream.chance(1, in: 2) ? by : .zero - by, duration: length)
        case .disk:
            return .disk(
                node, delay: .milliseconds(Int64(stream.below(5_000))), isFull: stream.chance(1, in: 3),
                duration: length
            )
        }
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Duration { .milliseconds(nanoseconds / 1_000_000) }
}

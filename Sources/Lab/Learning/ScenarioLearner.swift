import Collections
import Kernel
import Profile
import Wire

/// Makes a scenario out of what nodes measured: a pure function, so that the same measurements give the same file.
///
/// What a fault explains is no further fault: a link that died with its host is not a broken path as well. What neither
/// a host nor a path explains is taken for the work of the nodes' own policies and left out, because the compared
/// profile brings its own.
public struct ScenarioLearner {
    /// Scenario time in front of the first look, in which the nodes start and find together.
    static let lead: Duration = .seconds(30)
    /// Left behind the last fault, for the verdict: the scenario's time to recover, and a little.
    static let tail: Duration = .seconds(70)

    let facts: Measurements
    var windows: [Window] = []
    var outages: [Outage] = []
    var resets: [(first: Int, second: Int, at: Int64, reason: Reason)] = []
    var faults: [LearntScenario.Fault] = []
    var churn: [String] = []
    var remarks: [String] = []

    /// A time in which a host was not itself.
    struct Window: Hashable {
        enum Kind: Hashable {
            /// The process was gone, its kernel was there.
            case kill
            /// The machine was silent.
            case silence
            case stall
            case sleep
        }

        var host: Int
        var kind: Kind
        var start: Int64
        /// Nil where it was not over at the last look.
        var end: Int64?

        /// For how long behind its end it may still end links, in milliseconds. Links to a silent machine may live on in
        /// its peers' kernels until those give up.
        var grace: Int64 { kind == .silence ? 1_000_000 : 10_000 }

        func overlaps(_ from: Int64, _ to: Int64) -> Bool { start <= to && (end ?? .max) >= from }
    }

    /// A time in which two hosts did not reach each other.
    struct Outage: Hashable {
        var first: Int
        var second: Int
        var start: Int64
        var end: Int64?
        /// Somebody's TCP had heard the other host until `start`; else it is when a link was given up.
        var isStartMeasured: Bool
        var ends: [Measurements.End]
    }

    private init(_ facts: Measurements) {
        self.facts = facts
    }

    /// The scenario of these measurements.
    public static func learn(_ facts: Measurements) -> LearntScenario {
        var learner = ScenarioLearner(facts)
        return learner.learn()
    }

    private mutating func learn() -> LearntScenario {
        findSleepAndClocks()
        findStalls()
        let starts = findProcesses()
        findOutages()
        addOutages()
        let paths = learnPaths()
        faults = faults.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
        let duration = duration
        return LearntScenario(
            summary: summary, duration: duration,
            slotInterval: facts.slotInterval.map { max(.milliseconds(100), min($0, .seconds(86_400))) },
            // Masternodes of which no address is known are no hosts of the scenario.
            minimumMasternodes: max(1, min(facts.minimumMasternodes, facts.hosts.count)), clockOffset: clockOffset,
            hosts: hosts(starts), paths: paths, faults: faults, remarks: head + facts.remarks + remarks, churn: churn
        )
    }

    // MARK: Time

    /// The moment of the run that stands for a moment of the recording, in whole milliseconds.
    func moment(_ at: Int64) -> Duration {
        Self.lead + .milliseconds(min(max(0, at - facts.span.lowerBound), 31_000_000_000))
    }

    /// Long enough for what was recorded, and for everything to be whole again behind the last fault.
    private var duration: Duration {
        var end = moment(facts.span.upperBound)
        for fault in faults { end = max(end, fault.at + (fault.kind.lasts ?? .zero) + Self.tail) }
        // To the second: nobody measured it more closely.
        return .seconds((end.nanoseconds + 999_999_999) / 1_000_000_000)
    }

    // MARK: Texts

    private var summary: String {
        let count = facts.hosts.count
        let name = facts.network.count > 100 ? "\(facts.network.prefix(100))…" : facts.network
        let began = TimestampText.format(milliseconds: max(0, facts.span.lowerBound))
        return "Learnt from \(name): \(count) masternodes, \(length) from \(began) on."
    }

    private var head: [String] {
        let looks = facts.looks.count
        let source =
            looks > 0
            ? "\(looks) looks at \(OrderedSet(facts.looks.map(\.host)).count) nodes" : "traces"
        return [
            "Learnt by 'timenode scenarios record' from \(source) over \(length), with \(facts.paths.count) "
                + "measurements of round trips. The recording begins \(DurationText.format(Self.lead)) into the run: "
                + "before that the nodes start and find together.",
            "What is behind a value stands above it; what says 'guess' was not measured. Load is not measured: add a "
                + "'traffic' block for yours.",
        ]
    }

    /// To the millisecond.
    func seconds(_ duration: Duration) -> String {
        DurationText.format(.milliseconds(duration.nanoseconds / 1_000_000))
    }

    private var length: String {
        DurationText.format(.seconds((facts.span.upperBound - facts.span.lowerBound + 500) / 1_000))
    }

    func name(_ host: Int) -> String { facts.hosts[host].name }

    // MARK: Hosts

    private func hosts(_ starts: [Int64?]) -> [LearntScenario.Host] {
        var hosts: [LearntScenario.Host] = []
        var taken: [String] = []
        var addresses: [IPAddress] = []
        for (number, host) in facts.hosts.enumerated() {
            var comments: [String] = []
            var name = String(host.name.prefix(60))
            // Words that a plan has a meaning for, and names that two hosts share.
            if ["all", "drawn", "in-turn", ""].contains(name) || Int(name) != nil || taken.contains(name) {
                name = "\(name)-host\(number)"
                comments.append("Called '\(host.name)' in the network file.")
            }
            taken.append(name)
            var address = host.endpoint.ip
            let why = AddressText.whyUndialable(address.description)
            if addresses.contains(address) || why != nil {
                // A scenario has one host an address: one of the benchmarking range (RFC 2544) stands in.
                address = IPAddress(version4: 198 << 24 | 18 << 16 | UInt32(truncatingIfNeeded: number + 1))
                comments.append(
                    why.map { "\($0)." } ?? "At \(host.endpoint), an address that it shares with a host above.")
            }
            addresses.append(address)
            if let start = starts[number] {
                comments.append(
                    "Started \(seconds(.milliseconds(start - facts.span.lowerBound))) after the first look.")
            }
            hosts.append(
                LearntScenario.Host(
                    name: name, address: address.description, startAt: starts[number].map(moment),
                    comment: comments.isEmpty ? nil : comments.joined(separator: " ")
                )
            )
        }
        return hosts
    }
}

extension LearntScenario.Fault.Kind {
    /// Nil where it does for good, or strikes once.
    var lasts: Duration? {
        switch self {
        case .kill(_, let duration), .stall(_, let duration), .suspend(_, let duration): duration
        case .powerLoss(_, let duration), .drop(_, _, let duration), .clock(_, _, let duration): duration
        case .reset: nil
        }
    }
}

extension Reason {
    /// Somebody gave up waiting: nothing came from the other end, not even a refusal.
    var isSilence: Bool {
        switch self {
        case .timedOut, .pingTimeout, .silent, .connectTimeout, .handshakeTimeout, .unreachable: true
        default: false
        }
    }
}

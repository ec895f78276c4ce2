import Kernel
import Profile

/// How long an address is left alone after failed dials in a row, whoever wants it: 600 s each time in March 2026,
/// 600 s doubling up to a day in April.
struct Cooldown: Sendable {
    enum Growth: String, CaseIterable {
        case none
        case flat
        case doubling
    }

    var growth: Growth
    /// The failure in a row with which it begins.
    var after: Int
    var initial: Duration
    var limit: Duration

    /// The pause that a failure begins; nil for none.
    /// - Parameter failures: in a row, this one included.
    func pause(failures: Int) -> Duration? {
        guard growth != .none, failures >= after else { return nil }
        guard growth == .doubling else { return min(initial, limit) }
        var pause = initial
        for _ in after..<failures where pause < limit { pause = pause * 2 }
        return min(pause, limit)
    }
}

extension Cooldown {
    static let fields: [OptionField] = [
        .choice(
            "cooldown", default: "none", of: Growth.allCases.map(\.rawValue),
            "how long an address rests after failed dials in a row: not at all, always the same time, or twice as long each time"
        ),
        .integer("cooldown_after", default: 3, in: 1...1000, "the failure in a row that begins the first rest"),
        .duration(
            "cooldown_initial", default: .seconds(600), in: .seconds(1) ... .seconds(86_400), "the first rest"
        ),
        .duration(
            "cooldown_limit", default: .seconds(86_400), in: .seconds(1) ... .seconds(31_536_000), "the longest rest"
        ),
    ]

    /// - Returns: nil where the growth is a word that the spec does not list.
    init?(_ options: Options) {
        guard let growth = Growth(rawValue: options.choice("cooldown")) else { return nil }
        self.growth = growth
        after = options.integer("cooldown_after")
        initial = options.duration("cooldown_initial")
        limit = options.duration("cooldown_limit")
    }
}

/// Durations as people write them: `500ms`, `30s`, `1m30s`, `1d`. Whole numbers with a unit each, largest unit
/// first; a bare number is refused, because nobody can see whether it means seconds or milliseconds.
public enum DurationText {
    private static let units: [(name: String, microseconds: Int)] = [
        ("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000), ("ms", 1_000), ("us", 1),
    ]

    /// The pattern of what `parse` reads, for JSON Schema.
    static let pattern = "^(?=.)([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?([0-9]+us)?$"

    /// The duration that `text` stands for, nil if it is not one (or longer than 100,000 years).
    public static func parse(_ text: String) -> Duration? {
        var total = 0
        var previous = -1
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest[unit.endIndex...]
            guard let count = Int(digits), let index = units.firstIndex(where: { $0.name == unit }) else { return nil }
            guard index > previous else { return nil }
            previous = index
            let (part, overflow) = count.multipliedReportingOverflow(by: units[index].microseconds)
            let (sum, overflow2) = total.addingReportingOverflow(part)
            guard !overflow, !overflow2, sum < 3_155_760_000_000_000_000 else { return nil }
            total = sum
        }
        return .microseconds(total)
    }

    /// The shortest text that `parse` reads back as the same duration (to the microsecond).
    public static func format(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        var rest = Int(seconds) * 1_000_000 + Int(attoseconds / 1_000_000_000_000)
        guard rest > 0 else { return rest == 0 ? "0s" : "-" + format(.zero - duration) }
        var text = ""
        for unit in units where rest >= unit.microseconds {
            text += "\(rest / unit.microseconds)\(unit.name)"
            rest %= unit.microseconds
        }
        return text
    }

    /// What to write instead of a text that is not a duration.
    static func remedy(for text: String) -> String {
        if !text.isEmpty, text.allSatisfy({ $0.isASCII && $0.isNumber }) {
            return "give it a unit: \(text)s, \(text)ms or \(text)m?"
        }
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unit = text[number.endIndex...].drop { $0 == " " }
        if number.contains("."), Double(number) != nil { return "write whole numbers, such as 1s500ms instead of 1.5s" }
        let spellings: [(spellings: [String], unit: String)] = [
            (["sec", "secs", "second", "seconds", "S"], "s"), (["min", "mins", "minute", "minutes", "M"], "m"),
            (["hour", "hours", "hr", "hrs", "H"], "h"), (["day", "days", "D"], "d"),
            (["msec", "millis", "millisecond", "milliseconds", "MS"], "ms"), (["µs", "usec"], "us"),
            (["s", "m", "h", "d", "ms", "us"], String(unit)),
        ]
        if !number.isEmpty, let match = spellings.first(where: { $0.spellings.contains(String(unit)) }) {
            return "write \(number)\(match.unit)"
        }
        return "units are d, h, m, s, ms and us, largest first"
    }
}

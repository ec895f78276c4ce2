/// Numbers for people: about three significant digits, never in the manner of some locale.
enum NumberText {
    /// What stands where nothing was measured.
    static let absent = "–"

    /// A value in its metric's unit, without the unit: `62.7`, `12.3k`, `0.998`.
    static func value(_ value: Double, _ unit: Metric.Unit) -> String {
        switch unit {
        case .ratio:
            // 0.9996 must not read as perfection, nor 0.0004 as nothing.
            return value == 0 || value == 1 ? fixed(value, decimals: 0) : precise(value)
        case .seconds, .perHour, .count, .bytes, .percent:
            return number(value)
        }
    }

    /// A value with its unit, for sentences: `62.7 s`, `30.0/h`, `50.3 MB`.
    static func valueWithUnit(_ value: Double, _ unit: Metric.Unit) -> String {
        let text = Self.value(value, unit)
        switch unit {
        case .ratio, .count: return text
        case .seconds: return "\(text) s"
        case .perHour: return "\(text)/h"
        case .percent: return "\(text) %"
        case .bytes:
            guard let last = text.last, last.isLetter else { return "\(text) B" }
            return "\(text.dropLast()) \(last)B"
        }
    }

    /// A plain number with about three significant digits.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return absent }
        let size = value.magnitude
        if size >= 999_500_000 { return fixed(value / 1e9, decimals: decimals(size / 1e9)) + "G" }
        if size >= 999_500 { return fixed(value / 1e6, decimals: decimals(size / 1e6)) + "M" }
        if size >= 9_999.5 { return fixed(value / 1e3, decimals: decimals(size / 1e3)) + "k" }
        if value == value.rounded() { return fixed(value, decimals: 0) }
        return size < 0.1 ? precise(value) : fixed(value, decimals: decimals(size))
    }

    /// A p-value as a sentence part: `p = 0.012`, `p < 0.001`.
    static func pValue(_ value: Double) -> String {
        value < 0.001 ? "p < 0.001" : "p = \(fixed(value, decimals: 3))"
    }

    /// A share as a percentage: `12.5 %`.
    static func share(_ value: Double) -> String {
        "\(number(value * 100)) %"
    }

    /// A point in time or a length in the largest unit that divides it: `90 s`, `2 min`, `1 h`.
    static func clock(_ seconds: Double) -> String {
        if seconds != 0, seconds == (seconds / 3_600).rounded() * 3_600 { return "\(number(seconds / 3_600)) h" }
        if seconds != 0, seconds == (seconds / 60).rounded() * 60 { return "\(number(seconds / 60)) min" }
        return "\(number(seconds)) s"
    }

    /// A point in time to the second: `45.5 s`, `10 min 1 s`, `2 h 5 min`.
    static func moment(_ seconds: Double) -> String {
        guard seconds >= 60, seconds.isFinite, seconds < 1e12 else { return "\(number(seconds)) s" }
        let whole = Int(seconds.rounded())
        let parts = [(whole / 3_600, "h"), (whole / 60 % 60, "min"), (whole % 60, "s")].filter { $0.0 > 0 }
        return parts.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }

    /// A decimal number with so many digits behind the point, rounded half away from zero.
    static func fixed(_ value: Double, decimals: Int) -> String {
        let scale = (0..<max(decimals, 0)).reduce(1.0) { product, _ in product * 10 }
        let scaled = (value.magnitude * scale).rounded()
        guard scaled.isFinite, scaled < 9e15 else { return "\(value)" }
        let digits = Int(scaled)
        let sign = value < 0 && digits != 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(digits)" }
        let unit = Int(scale)
        let fraction = String(digits % unit)
        return "\(sign)\(digits / unit)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    private static func decimals(_ size: Double) -> Int {
        if size >= 99.95 { return 0 }
        return size >= 9.995 ? 1 : 2
    }

    /// Three digits behind the point, or as many as it takes not to read as 0 or 1.
    private static func precise(_ value: Double) -> String {
        guard value != 0 else { return "0" }
        for decimals in 3...9 {
            let text = fixed(value, decimals: decimals)
            if text.drop(while: { $0 == "-" }).dropFirst(2).contains(where: { $0 != "0" }) { return text }
        }
        return "\(value)"
    }
}

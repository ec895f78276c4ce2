/// Points in time as RFC 3339 writes them, in UTC: `2025-12-17T09:30:00Z`, with up to three digits of fraction.
public enum TimestampText {
    /// The pattern of what `parse` reads, for JSON Schema.
    static let pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,3})?Z$"

    /// Milliseconds since 1970-01-01T00:00:00Z, nil if `text` is not such a time or lies before 1970.
    public static func parse(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes.count <= 24, bytes.last == UInt8(ascii: "Z") else { return nil }
        let marks: [(Int, Unicode.Scalar)] = [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")]
        guard marks.allSatisfy({ bytes[$0.0] == UInt8(ascii: $0.1) }) else { return nil }
        guard let year = number(bytes[0..<4]), let month = number(bytes[5..<7]), let day = number(bytes[8..<10]),
            let hour = number(bytes[11..<13]), let minute = number(bytes[14..<16]), let second = number(bytes[17..<19])
        else { return nil }
        guard year >= 1970, (1...12).contains(month), (1...days(in: month, of: year)).contains(day) else { return nil }
        guard hour < 24, minute < 60, second < 60 else { return nil }
        var milliseconds = 0
        if bytes.count > 20 {
            let fraction = bytes[20..<(bytes.count - 1)]
            guard bytes[19] == UInt8(ascii: "."), let value = number(fraction) else { return nil }
            milliseconds = value * [0, 100, 10, 1][fraction.count]
        }
        let dayNumber = days(before: year, month) + day - 1
        return Int64(((dayNumber * 24 + hour) * 60 + minute) * 60 + second) * 1_000 + Int64(milliseconds)
    }

    /// The text that `parse` reads back as the same time; for times from 1970 to 9999.
    public static func format(milliseconds: Int64) -> String {
        let fraction = Int(milliseconds % 1_000)
        let seconds = Int(milliseconds / 1_000)
        var rest = seconds / 86_400
        var year = 1970
        while rest >= daysInYear(year) {
            rest -= daysInYear(year)
            year += 1
        }
        var month = 1
        while rest >= days(in: month, of: year) {
            rest -= days(in: month, of: year)
            month += 1
        }
        let time = seconds % 86_400
        let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(rest + 1, 2))"
        let clock = "\(padded(time / 3_600, 2)):\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2))"
        return "\(date)T\(clock)\(fraction == 0 ? "" : "." + padded(fraction, 3))Z"
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        var value = 0
        for digit in digits {
            guard (0x30...0x39).contains(digit) else { return nil }
            value = value * 10 + Int(digit - 0x30)
        }
        return digits.isEmpty ? nil : value
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }

    private static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    private static func daysInYear(_ year: Int) -> Int { isLeap(year) ? 366 : 365 }

    private static func days(in month: Int, of year: Int) -> Int {
        let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        return lengths[month - 1]
    }

    /// Days from 1970-01-01 to the first day of a month.
    private static func days(before year: Int, _ month: Int) -> Int {
        let years = (1970..<year).reduce(0) { $0 + daysInYear($1) }
        return years + (1..<month).reduce(0) { $0 + days(in: $1, of: year) }
    }
}

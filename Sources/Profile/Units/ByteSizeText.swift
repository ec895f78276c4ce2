/// Sizes as people write them: `512B`, `64kB` (1,000 bytes each), `1MiB` (1,048,576 bytes).
public enum ByteSizeText {
    private static let units: [(name: String, bytes: Int)] = [
        ("GiB", 1 << 30), ("GB", 1_000_000_000), ("MiB", 1 << 20), ("MB", 1_000_000), ("KiB", 1 << 10), ("kB", 1_000),
        ("B", 1),
    ]

    /// The pattern of what `parse` reads, for JSON Schema.
    static let pattern = "^[0-9]+(B|kB|MB|GB|KiB|MiB|GiB)$"

    /// The number of bytes that `text` stands for, nil if it is not a size.
    public static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let name = text[digits.endIndex...]
        guard let count = Int(digits), let unit = units.first(where: { $0.name == name }) else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
        return overflow ? nil : bytes
    }

    /// The shortest text that `parse` reads back as the same size.
    public static func format(_ bytes: Int) -> String {
        guard bytes > 0 else { return "\(bytes)B" }
        var best = "\(bytes)B"
        for unit in units where bytes % unit.bytes == 0 {
            let text = "\(bytes / unit.bytes)\(unit.name)"
            if text.count < best.count { best = text }
        }
        return best
    }

    /// What to write instead of a text that is not a size.
    static func remedy(for text: String) -> String {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let unit = text[digits.endIndex...].drop { $0 == " " }
        guard !digits.isEmpty else { return "units are B, kB, MB, GB (thousands) and KiB, MiB, GiB (1,024s)" }
        if unit.isEmpty {
            return Int(digits).map { "give it a unit: \(format($0)) if that is in bytes" } ?? "that is too much"
        }
        switch unit.lowercased().first {
        case "k": return "write \(digits)kB (thousands) or \(digits)KiB (1,024s)"
        case "m": return "write \(digits)MB (thousands) or \(digits)MiB (1,024s)"
        case "g": return "write \(digits)GB (thousands) or \(digits)GiB (1,024s)"
        default: return "units are B, kB, MB, GB (thousands) and KiB, MiB, GiB (1,024s)"
        }
    }
}

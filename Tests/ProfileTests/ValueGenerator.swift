@testable import Profile

/// Values of any type out of a seed.
struct ValueGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func integer(in range: ClosedRange<Int>) -> Int {
        switch next() % 8 {
        case 0: return range.lowerBound
        case 1: return range.upperBound
        default: return range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
        }
    }

    mutating func identity() -> String {
        (0..<64).map { _ in String(Int(next() % 16), radix: 16) }.joined()
    }

    private static let pieces = [
        "a", "Z", "0", "7", " ", "  ", "#", " # ", ": ", ":", "-", "- ", "'", "\"", "\\", "{", "}", "[", "]", ",", "&",
        "*",
        "!", "|", ">", "%", "@", "`", "~", "null", "unset", "true", "yes", "${env:X}", "$${", "$", "${", "\n", "\t",
        "\r",
        "\u{1B}", "\u{85}", "\u{2028}", "\u{FEFF}", "é", "日本", "👩‍👩‍👧", "\u{301}", "---", "...", "<<", "=", "1e3", "0x1F",
    ]

    mutating func text(maxBytes: Int) -> String {
        var text = ""
        for _ in 0..<integer(in: 0...8) {
            let longer = text + Self.pieces[Int(next() % UInt64(Self.pieces.count))]
            if longer.utf8.count <= maxBytes { text = longer }
        }
        return text
    }

    /// A profile that selects and sets things at random; with its inactive blocks.
    mutating func profile(_ catalogue: Catalogue) -> String {
        var text = "node: \(ValueText.flow(options(catalogue.node)))\nmodules:\n"
        for role in catalogue.roles {
            let modules = catalogue.modules(role: role.name).filter { $0.stability != .deprecated }
            var ids = modules.map(\.id)
            while ids.count > 1, next() % 2 == 0 || !role.isList { ids.remove(at: Int(next() % UInt64(ids.count))) }
            text += "  \(role.name):\n    use: \(role.isList ? "[\(ids.joined(separator: ", "))]" : ids[0])\n"
            for module in modules where ids.contains(module.id) || next() % 2 == 0 {
                text += "    \(module.id): \(ValueText.flow(options(module.options)))\n"
            }
        }
        return text
    }

    mutating func options(_ spec: OptionSpec) -> Options {
        while true {
            let entries = spec.fields.map { Options.Entry(value: value($0), provenance: .default) }
            let options = Options(spec: spec, entries: entries)
            if spec.check?(options).isEmpty ?? true { return options }
        }
    }

    private mutating func value(_ field: OptionField) -> OptionValue {
        if field.isOptional, next() % 3 == 0 { return .none }
        if let value = field.default, next() % 4 == 0 { return value }
        return value(field.type)
    }

    private mutating func value(_ type: OptionType) -> OptionValue {
        switch type {
        case .boolean: return .boolean(next() % 2 == 0)
        case .integer(let range): return .integer(integer(in: range))
        case .ratio(let range):
            let share = Double(next() >> 11) / Double(1 << 53)
            let small = next() % 3 == 0 ? share * 1e-7 : share
            return .ratio(range.lowerBound + small * (range.upperBound - range.lowerBound))
        case .duration(let range):
            let low = Int(range.lowerBound / .microseconds(1))
            let high = Int(range.upperBound / .microseconds(1))
            return .duration(.microseconds(integer(in: low...high)))
        case .bytes(let range): return .bytes(integer(in: range))
        case .choice(let names): return .string(names[Int(next() % UInt64(names.count))])
        case .string(let maxBytes): return .string(text(maxBytes: maxBytes))
        case .path: return .string("p" + text(maxBytes: 20))
        case .endpoint: return .string(next() % 2 == 0 ? "[2001:db8::7]:1" : "192.0.2.7:65535")
        case .ipAddress: return .string(next() % 2 == 0 ? "::1" : "10.0.0.1")
        case .identity: return .string(identity())
        case .timestamp: return .integer(integer(in: 0...253_402_300_799_999))
        case .list(let element, let count):
            let top = min(count.upperBound, count.lowerBound + 3)
            return .list((0..<integer(in: count.lowerBound...top)).map { _ in value(element) })
        case .record(let spec): return .record(options(spec))
        case .union(let cases, let common):
            let chosen = cases[Int(next() % UInt64(cases.count))]
            let spec = UnionCase.spec(cases, common: common)
            let entries = spec.fields.map { field in
                let isOther = cases.contains { $0.key == field.key } && field.key != chosen.key
                return Options.Entry(value: isOther ? .none : value(field), provenance: .default)
            }
            return .record(Options(spec: spec, entries: entries, variant: chosen.key))
        }
    }
}

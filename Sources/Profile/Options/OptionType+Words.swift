/// A type in words: for messages, references and comments.
extension OptionType {
    /// `duration`, `list of endpoints`.
    public var name: String {
        switch self {
        case .boolean: "boolean"
        case .integer: "integer"
        case .ratio: "number"
        case .duration: "duration"
        case .bytes: "size in bytes"
        case .choice: "choice"
        case .string: "text"
        case .path: "path"
        case .endpoint: "endpoint"
        case .ipAddress: "IP address"
        case .identity: "identity"
        case .timestamp: "UTC time"
        case .list(let element, _): "list of \(element.plural)"
        case .record: "block of keys"
        case .union: "block with one of several keys"
        }
    }

    private var plural: String {
        switch self {
        case .boolean, .integer, .ratio, .duration, .choice, .path, .endpoint: name + "s"
        case .bytes: "sizes in bytes"
        case .string: "texts"
        case .ipAddress: "IP addresses"
        case .identity: "identities"
        case .timestamp: "UTC times"
        case .list, .record, .union: "blocks"
        }
    }

    /// `a duration`, `true or false`: what a value of this type is, after "wants".
    var wanted: String {
        switch self {
        case .boolean: "true or false"
        case .integer: "a whole number"
        case .ratio: "a number"
        case .duration: "a duration"
        case .bytes: "a size with a unit"
        case .choice(let names): "one of \(alternatives(names))"
        case .string: "text"
        case .path: "a path"
        case .endpoint: "an IP address with a port"
        case .ipAddress: "an IP address"
        case .identity: "an identity of 64 hexadecimal digits"
        case .timestamp: "a time in UTC"
        case .list: "a \(name)"
        case .record: "a block of keys"
        case .union(let cases, _): "a block with one of the keys \(alternatives(cases.map(\.key)))"
        }
    }

    /// `1s…10m`, `1 or more`; nil where there are no limits to tell.
    public var range: String? {
        switch self {
        case .boolean, .path, .endpoint, .ipAddress, .identity, .timestamp, .record: nil
        case .integer(let range):
            OptionType.limits(range, lowest: .min, highest: .max) { String($0) }
        case .ratio(let range):
            OptionType.limits(range, lowest: -.infinity, highest: .infinity) { ValueText.ratio($0) }
        case .duration(let range):
            OptionType.limits(range, lowest: nil, highest: .seconds(Int64.max)) { DurationText.format($0) }
        case .bytes(let range):
            OptionType.limits(range, lowest: nil, highest: .max) { ByteSizeText.format($0) }
        case .choice(let names): names.joined(separator: " | ")
        case .string(let maxBytes): "at most \(maxBytes) bytes"
        case .list(let element, let count):
            [OptionType.items(count), element.range.map { "each \($0)" }].compactMap(\.self).joined(separator: ", ")
        case .union(let cases, _): cases.map(\.key).joined(separator: " | ")
        }
    }

    private static func limits<Bound: Comparable>(
        _ range: ClosedRange<Bound>, lowest: Bound?, highest: Bound, _ text: (Bound) -> String
    ) -> String? {
        let isOpenBelow = lowest.map { range.lowerBound <= $0 } ?? false
        let isOpenAbove = range.upperBound >= highest
        switch (isOpenBelow, isOpenAbove) {
        case (true, true): return nil
        case (false, true): return "\(text(range.lowerBound)) or more"
        case (true, false): return "at most \(text(range.upperBound))"
        case (false, false): return "\(text(range.lowerBound))…\(text(range.upperBound))"
        }
    }

    static func items(_ count: ClosedRange<Int>) -> String {
        if count.lowerBound == count.upperBound { return "\(count.lowerBound) item\(count.lowerBound == 1 ? "" : "s")" }
        if count.upperBound == .max { return "\(count.lowerBound) or more items" }
        return "\(count.lowerBound)…\(count.upperBound) items"
    }

    /// A value that can be written, for a help text that has no better one.
    var sample: String {
        switch self {
        case .boolean: "true"
        case .integer(let range): String(range.contains(1) ? 1 : range.lowerBound)
        case .ratio(let range): ValueText.ratio(range.contains(0.5) ? 0.5 : range.lowerBound)
        case .duration(let range):
            DurationText.format(range.contains(.seconds(30)) ? .seconds(30) : range.lowerBound)
        case .bytes(let range): ByteSizeText.format(range.contains(65_536) ? 65_536 : range.lowerBound)
        case .choice(let names): names.first ?? ""
        case .string: "text"
        case .path: "./file"
        case .endpoint: "127.0.0.1:24100"
        case .ipAddress: "192.0.2.1"
        case .identity: String(repeating: "0123456789abcdef", count: 4)
        case .timestamp: "2025-12-17T00:00:00Z"
        case .list(let element, _): "[\(element.sample)]"
        case .record(let spec): spec.fields.first.map { "{\($0.key): \($0.exampleText)}" } ?? "{}"
        case .union(let cases, _): cases.first.map { "{\($0.key): \($0.type.sample)}" } ?? "{}"
        }
    }
}

import PublicKeys

/// Why a scalar is not a value of its type.
struct ScalarProblem: Error {
    var code: Diagnostic.Code
    /// Continues "'interval' wants …".
    var wants: String
    /// What to write instead, before the option's own line.
    var remedy: String?

    static func wrong(_ type: OptionType, _ remedy: String? = nil) -> ScalarProblem {
        ScalarProblem(code: .wrongType, wants: type.wanted, remedy: remedy)
    }

    static func range(_ wants: String) -> ScalarProblem {
        ScalarProblem(code: .outOfRange, wants: wants, remedy: nil)
    }
}

/// Reads scalars as values. `plain` is false where quotes say "this is text".
enum ScalarReader {
    static func read(_ text: String, plain: Bool, as type: OptionType) throws(ScalarProblem) -> OptionValue {
        switch type {
        case .boolean: return .boolean(try boolean(text, plain))
        case .integer(let range): return .integer(try integer(text, plain, range, type))
        case .ratio(let range): return .ratio(try ratio(text, plain, range, type))
        case .duration(let range): return .duration(try duration(text, range, type))
        case .bytes(let range): return .bytes(try bytes(text, range, type))
        case .choice(let names):
            guard names.contains(text) else {
                let near = Spelling.closest(to: text, among: names).map { "did you mean '\($0)'?" }
                throw .wrong(type, near)
            }
            return .string(text)
        case .string(let maxBytes):
            guard text.utf8.count <= maxBytes else {
                throw ScalarProblem(
                    code: .outOfRange, wants: "at most \(maxBytes) bytes", remedy: "this one has \(text.utf8.count)")
            }
            return .string(text)
        case .path:
            guard !text.isEmpty, !text.contains("\0") else { throw .wrong(type) }
            return .string(text)
        case .endpoint:
            guard let (host, port) = AddressText.endpoint(text) else {
                throw .wrong(type, AddressText.endpointRemedy(for: text))
            }
            return .string(AddressText.format(host: host, port: port))
        case .ipAddress:
            guard let address = AddressText.address(text) else { throw .wrong(type) }
            return .string(address)
        case .identity:
            guard let (identity, fault) = identity(text) else {
                let remedy = text.allSatisfy(\.isHexDigit) ? "this one has \(text.count)" : "digits are 0-9 and a-f"
                throw .wrong(type, remedy)
            }
            if let fault {
                throw ScalarProblem(code: .outOfRange, wants: "a node's public key", remedy: fault.explanation)
            }
            return .string(identity)
        case .timestamp:
            guard let milliseconds = TimestampText.parse(text) else {
                throw .wrong(type, "write it as 2025-12-17T09:30:00Z")
            }
            return .integer(Int(milliseconds))
        case .list, .record, .union: throw .wrong(type)
        }
    }

    /// The identity in lower case and what speaks against its key, nil if it is not one.
    static func identity(_ text: String) -> (text: String, fault: PublicKeyFault?)? {
        let digits = text.lowercased()
        guard digits.utf8.count == 64 else { return nil }
        var key: [UInt8] = []
        var rest = Substring(digits)
        while !rest.isEmpty {
            // The standard library also reads a sign.
            guard rest.prefix(2).allSatisfy({ $0.isASCII && $0.isHexDigit }),
                let byte = UInt8(rest.prefix(2), radix: 16)
            else { return nil }
            key.append(byte)
            rest = rest.dropFirst(2)
        }
        return key.count == 32 ? (digits, PublicKeyFault(ofKey: key)) : nil
    }

    private static func boolean(_ text: String, _ plain: Bool) throws(ScalarProblem) -> Bool {
        switch text {
        case "true" where plain: return true
        case "false" where plain: return false
        case "true", "false": throw .wrong(.boolean, "write \(text) without quotes")
        default: break
        }
        switch text.lowercased() {
        case "yes", "on", "y", "true", "1": throw .wrong(.boolean, "write true")
        case "no", "off", "n", "false", "0": throw .wrong(.boolean, "write false")
        default: throw .wrong(.boolean)
        }
    }

    private static func integer(
        _ text: String, _ plain: Bool, _ range: ClosedRange<Int>, _ type: OptionType
    ) throws(ScalarProblem) -> Int {
        let digits = text.hasPrefix("-") ? text.dropFirst() : Substring(text)
        let isDecimal = !digits.isEmpty && digits.allSatisfy { $0.isASCII && $0.isNumber }
        guard isDecimal, digits == "0" || digits.first != "0" else { throw .wrong(type, integerRemedy(text)) }
        guard plain else { throw .wrong(type, "write \(text) without quotes: in quotes it is text") }
        guard let value = Int(text), range.contains(value) else { throw .range(type.range ?? "a smaller number") }
        return value
    }

    /// Spellings that YAML 1.1 reads as numbers, and not everybody as the same one.
    private static func integerRemedy(_ text: String) -> String? {
        let lower = text.lowercased().filter { $0 != "_" && $0 != "," }
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where lower.hasPrefix(prefix) {
            return Int(lower.dropFirst(2), radix: radix).map { "write it in decimal: \($0)" }
        }
        guard let value = Int(lower) else { return Double(lower) == nil ? nil : "write a number without a fraction" }
        return "write \(value)"
    }

    private static func ratio(
        _ text: String, _ plain: Bool, _ range: ClosedRange<Double>, _ type: OptionType
    ) throws(ScalarProblem) -> Double {
        let isNumber =
            text.contains(where: \.isNumber) && text.allSatisfy { $0.isASCII && ($0.isNumber || "+-.e".contains($0)) }
        guard isNumber, let value = Double(text), value.isFinite else {
            if text.hasSuffix("%"), let percent = Double(text.dropLast()) {
                throw .wrong(type, "write \(ValueText.ratio(percent / 100))")
            }
            throw .wrong(type)
        }
        guard plain else { throw .wrong(type, "write \(text) without quotes: in quotes it is text") }
        guard range.contains(value) else { throw .range(type.range ?? "a smaller number") }
        return value
    }

    private static func duration(
        _ text: String, _ range: ClosedRange<Duration>, _ type: OptionType
    ) throws(ScalarProblem) -> Duration {
        guard let value = DurationText.parse(text) else {
            let isBare = !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
            let wants = isBare ? "a duration with a unit" : type.wanted
            let remedy = DurationText.remedy(for: text)
            throw ScalarProblem(code: isBare ? .missingUnit : .wrongType, wants: wants, remedy: remedy)
        }
        guard range.contains(value) else { throw .range(type.range ?? "a shorter duration") }
        return value
    }

    private static func bytes(
        _ text: String, _ range: ClosedRange<Int>, _ type: OptionType
    ) throws(ScalarProblem) -> Int {
        guard let value = ByteSizeText.parse(text) else {
            let isBare = !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber }
            let remedy = ByteSizeText.remedy(for: text)
            throw ScalarProblem(code: isBare ? .missingUnit : .wrongType, wants: type.wanted, remedy: remedy)
        }
        guard range.contains(value) else { throw .range(type.range ?? "a smaller size") }
        return value
    }
}

/// A JSON value whose members stay in the order in which they were written, with one spelling per number.
indirect enum OrderedJSON {
    case object([(key: String, value: OrderedJSON)])
    case array([OrderedJSON])
    case string(String)
    case number(Double)
    case integer(UInt64)
    case bool(Bool)
    case null

    /// The text, indented by two blanks a level; arrays of plain values stay on one line.
    func text(indent: Int = 0) -> String {
        let inner = String(repeating: " ", count: indent + 2)
        let outer = String(repeating: " ", count: indent)
        switch self {
        case .object(let members):
            guard !members.isEmpty else { return "{}" }
            let lines = members.map { inner + TextEscape.json($0.key) + ": " + $0.value.text(indent: indent + 2) }
            return "{\n" + lines.joined(separator: ",\n") + "\n" + outer + "}"
        case .array(let values):
            guard values.contains(where: \.isContainer) else {
                return "[" + values.map { $0.text() }.joined(separator: ", ") + "]"
            }
            let lines = values.map { inner + $0.text(indent: indent + 2) }
            return "[\n" + lines.joined(separator: ",\n") + "\n" + outer + "]"
        case .string(let text): return TextEscape.json(text)
        case .number(let value): return Self.spelling(value)
        case .integer(let value): return "\(value)"
        case .bool(let value): return value ? "true" : "false"
        case .null: return "null"
        }
    }

    private var isContainer: Bool {
        switch self {
        case .object, .array: true
        case .string, .number, .integer, .bool, .null: false
        }
    }

    /// The shortest digits that read back as the same number; whole numbers without a fraction.
    private static func spelling(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        if value == value.rounded(), value.magnitude < 9e15 { return "\(Int(value))" }
        return "\(value)"
    }
}

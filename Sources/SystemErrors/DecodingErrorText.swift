/// Says in plain words why a JSON text is not what it should be.
enum DecodingErrorText {
    static func of(_ error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, let context): "\(place(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context): "\(place(context.codingPath)) has no value"
        case .typeMismatch(_, let context): "\(place(context.codingPath)) is of another kind than it should be"
        case .dataCorrupted(let context):
            context.codingPath.isEmpty
                ? "it is no JSON" : "\(place(context.codingPath)) cannot be read: \(context.debugDescription)"
        @unknown default: "it cannot be read"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        let text = path.map { key in key.intValue.map { "\($0)" } ?? key.stringValue }.joined(separator: ".")
        return text.isEmpty ? "the whole" : "'\(text)'"
    }
}

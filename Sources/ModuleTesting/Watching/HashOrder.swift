/// Finds collections in a module's state whose order differs from process to process.
enum HashOrder {
    private static let deepest = 8
    private static let childrenLooked = 16

    /// The type of the first such collection in `value`, nil where there is none. Only the first children of a long
    /// collection are looked at: they are all of one type.
    static func offender(in value: Any, depth: Int = 0) -> String? {
        if let collection = value as? any HashOrdered { return collection.typeInWords }
        guard depth < deepest else { return nil }
        for child in Mirror(reflecting: value).children.prefix(childrenLooked) {
            if let found = offender(in: child.value, depth: depth + 1) { return found }
        }
        return nil
    }
}

/// A collection in the order of hashes.
protocol HashOrdered {
    var typeInWords: String { get }
}

extension Dictionary: HashOrdered {
    var typeInWords: String { "Dictionary<\(Key.self), \(Value.self)>" }
}

extension Set: HashOrdered {
    var typeInWords: String { "Set<\(Element.self)>" }
}

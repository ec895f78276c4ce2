extension JSONTree {
    /// The first place where two values differ.
    package struct Difference: Sendable, Hashable {
        /// Member names and places in lists, such as `message.blocks[3].height`; empty for the whole value.
        package let path: String
        /// The value there as JSON; nil where there is none.
        package let left: String?
        package let right: String?
    }

    /// The first difference in the order of the left value; nil for equal ones.
    package func difference(from other: JSONTree, at path: String = "") -> Difference? {
        switch (self, other) {
        case (.object(let left), .object(let right)):
            for member in left {
                let place = path.isEmpty ? member.name : "\(path).\(member.name)"
                guard let value = other[member.name] else {
                    return Difference(path: place, left: member.value.text, right: nil)
                }
                if let found = member.value.difference(from: value, at: place) { return found }
            }
            guard let extra = right.first(where: { self[$0.name] == nil }) else { return nil }
            let place = path.isEmpty ? extra.name : "\(path).\(extra.name)"
            return Difference(path: place, left: nil, right: extra.value.text)
        case (.array(let left), .array(let right)):
            for index in 0..<max(left.count, right.count) {
                let place = "\(path)[\(index)]"
                guard index < left.count else { return Difference(path: place, left: nil, right: right[index].text) }
                guard index < right.count else { return Difference(path: place, left: left[index].text, right: nil) }
                if let found = left[index].difference(from: right[index], at: place) { return found }
            }
            return nil
        case (.string(let left), .string(let right)):
            // Byte by byte: two ways to write one letter are two texts.
            return left.utf8.elementsEqual(right.utf8) ? nil : Difference(path: path, left: text, right: other.text)
        default:
            return self == other ? nil : Difference(path: path, left: text, right: other.text)
        }
    }

    private var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// A YAML value with the place where it stands. Scalars keep their text: what `30s` means is for the reader to say.
public struct YAMLNode: Sendable {
    public enum Content: Sendable {
        /// `plain` is false for a scalar in quotes and for block scalars, which are always text.
        case scalar(text: String, plain: Bool)
        case sequence([YAMLNode])
        case mapping([YAMLPair])
    }

    public var content: Content
    public var location: SourceLocation
    /// Something that was already reported stood here (an alias); nobody complains about it a second time.
    var isRefused = false

    public init(content: Content, location: SourceLocation) {
        self.content = content
        self.location = location
    }

    /// The pairs of a mapping, nil for anything else.
    public var pairs: [YAMLPair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// `key:` with nothing behind it.
    var isEmpty: Bool {
        if case .scalar("", plain: true) = content { true } else { false }
    }

    /// What stands here, in words for a message.
    var inWords: String {
        switch content {
        case .sequence: "a list"
        case .mapping: "a block of keys"
        case .scalar(let text, let plain):
            plain && YAMLNode.isNull(text) ? "no value" : (plain ? quoted(text) : "the quoted text \(quoted(text))")
        }
    }

    /// The words that YAML reads as "nothing".
    static func isNull(_ text: String) -> Bool {
        text.isEmpty || text == "~" || text == "null" || text == "Null" || text == "NULL"
    }

    /// The node with what `over` states laid on top of it: blocks merge key by key, everything else is replaced. An
    /// empty block on top changes nothing.
    func merged(with over: YAMLNode) -> YAMLNode {
        guard var result = pairs else { return over }
        if over.isEmpty { return self }
        guard let additions = over.pairs else { return over }
        for addition in additions {
            if let index = result.firstIndex(where: { $0.key == addition.key }) {
                var pair = addition
                pair.value = result[index].value.merged(with: addition.value)
                result[index] = pair
            } else {
                result.append(addition)
            }
        }
        return YAMLNode(content: .mapping(result), location: over.location)
    }
}

/// One key of a mapping with its value.
public struct YAMLPair: Sendable {
    public var key: String
    public var keyLocation: SourceLocation
    public var value: YAMLNode

    public init(key: String, keyLocation: SourceLocation, value: YAMLNode) {
        self.key = key
        self.keyLocation = keyLocation
        self.value = value
    }
}

/// The options of one block: a module's, a record's, or a document's.
public struct OptionSpec: Sendable {
    public let fields: [OptionField]

    /// Rules that need more than one option, called once all of them are valid. Each message is an error. A message
    /// that begins with a key and a colon (`timeout: must be shorter than 'interval'`; also a path such as
    /// `masternodes[2].identity: …`) is put at that key, any other at the block.
    public var check: (@Sendable (Options) -> [String])?

    /// Whose options these are, for messages to the module's author: `liveness 'ping-pong'`; nil for a block that is no
    /// module's.
    var owner: String?

    /// - Precondition: keys are unique and each default is a value of its option's type and range.
    public init(_ fields: [OptionField], check: (@Sendable (Options) -> [String])? = nil) {
        self.fields = fields
        self.check = check
        for (index, field) in fields.enumerated() {
            let isFirst = !fields[..<index].contains { $0.key == field.key }
            precondition(isFirst, "the option '\(field.key)' is declared twice")
            if let value = field.default, let problem = field.problem(with: value) {
                preconditionFailure("the default of the option '\(field.key)' \(problem)")
            }
        }
    }

    /// The option with this key, nil if there is none.
    public func field(_ key: String) -> OptionField? {
        fields.first { $0.key == key }
    }

    /// Whether an empty block says everything that has to be said.
    public var hasOnlyDefaults: Bool {
        !fields.contains { $0.isRequired }
    }
}

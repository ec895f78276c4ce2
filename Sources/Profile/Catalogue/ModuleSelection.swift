/// A module that a profile selects, with its options.
///
/// Two are equal if role, module and values are; where they are written does not count.
public struct ModuleSelection: Sendable, Hashable {
    public let role: String
    public let id: String
    public let options: Options
    /// Where the profile selects it (or, for an inactive block, states it).
    public let location: SourceLocation?

    public init(role: String, id: String, options: Options, location: SourceLocation? = nil) {
        self.role = role
        self.id = id
        self.options = options
        self.location = location
    }

    public static func == (left: ModuleSelection, right: ModuleSelection) -> Bool {
        left.role == right.role && left.id == right.id && left.options == right.options
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(role)
        hasher.combine(id)
        hasher.combine(options)
    }
}

extension ModuleSelection: CustomStringConvertible {
    /// `liveness 'ping-pong' {interval: 30s}`, secrets hidden.
    public var description: String { "\(role) '\(id)' \(options)" }
}

/// How far a module can be relied on.
public enum Stability: String, Sendable, Hashable, CaseIterable {
    case development, alpha, beta, stable, deprecated
    /// Rebuilt for comparison with what once ran; not for use.
    case historical
}

/// What a profile has to know about a module: everything but its code.
public struct ModuleSpec: Sendable {
    /// The role it plays, such as `liveness`.
    public let role: String
    /// The name in a profile, such as `ping-pong`.
    public let id: String
    public let version: String
    public let stability: Stability
    /// One line: what it does.
    public let summary: String
    /// One line: what it means for security.
    public let posture: String
    public private(set) var options: OptionSpec
    /// All nodes of a network must have it, where its role is one that they must agree on (consensus, application). Not so
    /// for a module that makes load, or only looks on.
    public let isAgreed: Bool
    /// The role that it played in the version before. Profiles that name it there still work, with a warning.
    public let formerRole: String?

    public init(
        role: String, id: String, version: String, stability: Stability, summary: String, posture: String,
        options: OptionSpec, isAgreed: Bool = true, formerRole: String? = nil
    ) {
        self.role = role
        self.id = id
        self.version = version
        self.stability = stability
        self.summary = summary
        self.posture = posture
        self.options = options
        self.options.owner = "\(role) '\(id)'"
        self.isAgreed = isAgreed
        self.formerRole = formerRole
    }
}

/// A kind of module.
public struct RoleSpec: Sendable {
    public let name: String
    /// Several modules may play it, in the order in which the profile lists them.
    public let isList: Bool
    /// A profile without a module for it is refused.
    public let isRequired: Bool
    public let summary: String

    public init(name: String, isList: Bool, isRequired: Bool, summary: String) {
        self.name = name
        self.isList = isList
        self.isRequired = isRequired
        self.summary = summary
    }
}

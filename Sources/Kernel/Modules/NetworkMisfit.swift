import Profile

/// An option of a module that does not go with the network that the profile's network file describes.
public struct NetworkMisfit: Sendable, Hashable {
    /// The option's key.
    public var option: String
    /// An error keeps the node from starting; a warning does not.
    public var severity: Diagnostic.Severity
    /// What is wrong, with the figures of both files.
    public var message: String
    /// What to write instead.
    public var remedy: String

    public init(option: String, severity: Diagnostic.Severity, message: String, remedy: String) {
        self.option = option
        self.severity = severity
        self.message = message
        self.remedy = remedy
    }
}

extension Registry {
    /// What of a profile's options does not go with the network, each at the place where the profile says it.
    public func misfits(of profile: EffectiveProfile, in network: NetworkView) -> [Diagnostic] {
        profile.modules.flatMap { selection -> [Diagnostic] in
            guard let role = Role(rawValue: selection.role), let module = module(role, selection.id) else { return [] }
            return module.misfits(selection.options, network).map { misfit in
                Diagnostic(
                    severity: misfit.severity, code: .rule,
                    location: selection.options.place(of: misfit.option) ?? selection.location,
                    message: "\(selection.role) '\(selection.id)': \(misfit.message)", help: misfit.remedy
                )
            }
        }
    }
}

extension Options {
    fileprivate func place(of key: String) -> SourceLocation? {
        guard has(key) else { return nil }
        return switch provenance(of: key) {
        case .file(let location), .environment(_, let location): location
        case .default, .override: nil
        }
    }
}

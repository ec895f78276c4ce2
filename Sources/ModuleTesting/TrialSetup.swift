import Kernel
import Profile

/// What every kit does before it tries a module.
package enum TrialSetup {
    package static func name(of descriptor: ModuleDescriptor) -> String {
        "\(descriptor.spec.role) '\(descriptor.spec.id)'"
    }

    /// The options to try a module with.
    package static func options(_ given: Options?, for descriptor: ModuleDescriptor) throws(ConformanceError) -> Options
    {
        if let given { return given }
        do {
            return try Options.defaults(of: descriptor.spec.options)
        } catch {
            throw ConformanceError(
                code: .optionsNeeded,
                message: "\(name(of: descriptor)) has an option without a default; give the kit options: \(error)"
            )
        }
    }

    /// Makes a module once, so that a refusal has the kit's own words.
    package static func tryOut<Module>(
        _ descriptor: ModuleDescriptor, _ make: () throws -> Module
    ) throws(ConformanceError) -> Module {
        do {
            return try make()
        } catch {
            throw ConformanceError(
                code: .refusedOptions, message: "\(name(of: descriptor)) refuses its options: \(error)"
            )
        }
    }

    /// How to make a module with the options to try it with. It has been made once by now.
    static func maker<Module>(
        _ descriptor: ModuleDescriptor, _ given: Options?, _ make: @escaping @Sendable (Options) throws -> Module
    ) throws(ConformanceError) -> @Sendable () throws -> Module {
        let options = try options(given, for: descriptor)
        _ = try tryOut(descriptor) { try make(options) }
        return { try make(options) }
    }

    package static func wrongRole(_ descriptor: ModuleDescriptor, wanted: Role) -> ConformanceError {
        ConformanceError(
            code: .wrongRole,
            message: "'\(descriptor.spec.id)' is a module of the role '\(descriptor.spec.role)'; this kit tries "
                + "\(wanted.rawValue) modules"
        )
    }

    /// The same module without options, made by another factory.
    package static func wrapped(_ descriptor: ModuleDescriptor, _ factory: ModuleFactory) -> ModuleDescriptor {
        let spec = descriptor.spec
        return ModuleDescriptor(
            spec: ModuleSpec(
                role: spec.role, id: spec.id, version: spec.version, stability: spec.stability,
                summary: spec.summary, posture: spec.posture, options: OptionSpec([])
            ),
            messages: descriptor.messages, factory: factory
        )
    }
}

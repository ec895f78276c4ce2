internal import Crypto

/// Names the module that a message belongs to. Two modules of one role have different scopes, so neither takes the
/// other's messages for its own.
public struct MessageScope: Sendable, Hashable, CustomStringConvertible {
    /// The channel on which the module's messages travel.
    public let channel: Channel
    /// The module's role.
    public let role: String
    /// The module's id, as in a profile.
    public let module: String
    /// The scope on the wire: the first four bytes of the SHA-256 of `role/module-id`, big-endian. 0 is the kernel's own.
    public let number: UInt32

    /// The scope of a module.
    ///
    /// - Parameter role: nil for the role that has the name of the channel. Workloads speak on the channel `application`.
    public init(_ channel: Channel, _ module: String, role: String? = nil) {
        self.channel = channel
        self.role = role ?? channel.name
        self.module = module
        let hash = SHA256.hash(data: Array("\(self.role)/\(module)".utf8))
        number = hash.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }

    private init(kernelOn channel: Channel) {
        self.channel = channel
        role = ""
        module = ""
        number = 0
    }

    /// The scope of a module that has no messages; nothing on the wire has it.
    static let none = MessageScope(kernelOn: .links)

    /// `consensus/slot-leader`.
    public var description: String { "\(role)/\(module)" }
}

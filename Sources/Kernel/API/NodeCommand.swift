/// Something that the outside can make a node do.
public enum NodeCommand: String, Sendable, Hashable, CaseIterable {
    /// Read the profile and the network file anew.
    case reload
    /// Write what is recorded of the run to its file.
    case writeRecording = "write-recording"
    /// Say goodbye to the peers and end.
    case stop

    /// What a caller needs for it.
    public var permission: NodePermissions { .operate }
}

/// What a caller may.
public struct NodePermissions: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Read the status and the events, and ask the application's state.
    public static let read = NodePermissions(rawValue: 1)
    /// Hand transactions in.
    public static let submit = NodePermissions(rawValue: 2)
    /// Give commands to the node.
    public static let operate = NodePermissions(rawValue: 4)
}

/// Who asks for something, as the rpc module found out.
public struct NodeCaller: Sendable, Hashable {
    /// For the log: an address, or the name of a token.
    public let name: String
    public let permissions: NodePermissions

    public init(name: String, permissions: NodePermissions) {
        self.name = name
        self.permissions = permissions
    }

    /// - Throws: ``NodeAPIError/Code/notPermitted`` where the caller lacks what the command needs.
    public func expectPermission(for command: NodeCommand) throws(NodeAPIError) {
        guard permissions.isSuperset(of: command.permission) else {
            throw NodeAPIError(.notPermitted, "\(name) may not give the command '\(command.rawValue)'")
        }
    }
}

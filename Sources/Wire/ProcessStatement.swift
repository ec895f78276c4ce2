/// One process of a node says that it runs, signed with the node's key.
///
/// Anybody can pass a statement on and nobody can make one up. So a process that is shown a statement of its own key with
/// another incarnation knows that a second process has the key.
public struct ProcessStatement: Sendable, Hashable, Codable {
    /// When the process started, by its own wall clock: milliseconds since 1970-01-01 UTC.
    public var started: Int64
    /// When it said so, by the same clock: milliseconds since 1970-01-01 UTC.
    public var said: Int64
    /// Over ``signedBytes(network:identity:incarnation:started:said:)``.
    public var signature: Signature

    public init(started: Int64, said: Int64, signature: Signature) {
        self.started = started
        self.said = said
        self.signature = signature
    }

    /// What the signature covers, in a fixed big-endian layout. The text has its length in front, so that no two statements
    /// have the same bytes.
    public static func signedBytes(
        network: String, identity: Identity, incarnation: UInt64, started: Int64, said: Int64
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128)
        bytes += "timenode process 1".utf8
        let name = Array(network.utf8)
        for number in [UInt64(name.count), incarnation, UInt64(bitPattern: started), UInt64(bitPattern: said)] {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        bytes += name
        bytes += identity.key.bytes
        return bytes
    }
}

/// Another process runs with the receiver's key.
public struct OtherProcess: Sendable, Hashable, Codable {
    /// The other process's random number.
    public var incarnation: UInt64
    /// The other process's own words.
    public var statement: ProcessStatement
    /// Where the sender sees the other process.
    public var endpoint: Endpoint

    public init(incarnation: UInt64, statement: ProcessStatement, endpoint: Endpoint) {
        self.incarnation = incarnation
        self.statement = statement
        self.endpoint = endpoint
    }
}

import Wire

/// What a running node offers to the outside, by whatever way the outside asks: the one thing that an rpc module is given.
///
/// The driver implements it. Every answer is a value; asking never disturbs the node.
public protocol NodeAPI: Sendable {
    /// The node's status as last published: at most a tenth of a second old.
    func status(_ detail: StatusDetail) async -> NodeStatus

    /// Whether the node's event loop does a turn within `limit`.
    func isAlive(within limit: Duration) async -> Bool

    /// What happens in the node from now on, in order. A reader that is slower than the node misses events, and is told how
    /// many.
    ///
    /// - Parameter limit: how many events wait for the reader, 1 to 65,536.
    /// - Throws: ``NodeAPIError/Code/tooMany`` where as many read as may.
    func events(buffering limit: Int) throws(NodeAPIError) -> NodeEvents

    /// Hands a transaction to the node's application, which says at once whether it waits for a block.
    ///
    /// - Throws: ``NodeAPIError/Code/failed`` where the node does not run.
    func submit(_ transaction: [UInt8]) async throws(NodeAPIError) -> SubmissionResult

    /// Asks the application's state.
    ///
    /// - Throws: ``NodeAPIError/Code/notSupported`` where no application answers questions.
    func query(_ question: NodeQuery) async throws(NodeAPIError) -> [UInt8]

    /// Makes the node do something.
    ///
    /// - Parameter caller: who asks. The rpc module vouches for the permissions: it has checked what proves them.
    /// - Returns: what became of it, for people.
    /// - Throws: ``NodeAPIError/Code/notPermitted``, ``NodeAPIError/Code/notSupported`` or
    ///   ``NodeAPIError/Code/failed``.
    func perform(_ command: NodeCommand, for caller: NodeCaller) async throws(NodeAPIError) -> String
}

/// What of a status a request shows, so that nobody measures for nothing.
public enum StatusDetail: Sendable, Hashable, CaseIterable {
    /// Counters and states: what a load balancer or a monitor asks for, many times a minute.
    case figures
    /// What the host's TCP says of each link, too: a system call a link.
    case links
}

/// Why the node did not do what an rpc module asked.
public struct NodeAPIError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        /// The caller may not.
        case notPermitted = "not-permitted"
        /// This node has nothing that does it.
        case notSupported = "not-supported"
        /// As many do it as may.
        case tooMany = "too-many"
        /// The node tried, and it came to nothing.
        case failed
    }

    public let code: Code
    /// What is wrong and what to do.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}

/// A question to the application's state.
public struct NodeQuery: Sendable, Hashable {
    /// What the application calls it.
    public let name: String
    /// What it is asked with.
    public let argument: [UInt8]

    public init(name: String, argument: [UInt8]) {
        self.name = name
        self.argument = argument
    }
}

/// Why a store did not do what it was asked.
public struct StoreFailure: Error, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The kind of failure.
    public enum Code: String, Sendable, Hashable, Codable, CaseIterable {
        /// There is no room: what is deleted makes some.
        case full
        /// The rows of the space are of another format than the module's.
        case otherFormat = "other-format"
        /// A key is longer than `StoreKey.maximumBytes`.
        case keyTooLong = "key-too-long"
        /// The node has no store, or has closed it.
        case closed
        /// Anything else: a disk that does not answer, a damaged file.
        case failed
    }

    public let code: Code
    /// What happened and what to do.
    public let message: String

    public init(code: Code, message: String) {
        self.code = code
        self.message = message
    }

    /// What a store threw.
    public init(_ error: any Error) {
        self = error as? StoreFailure ?? StoreFailure(code: .failed, message: "\(error)")
    }

    public var description: String { message }

    /// The rows of a space were written in another format than the one that a module reads.
    public static func otherFormat(_ space: StoreSpace, stored: UInt32) -> StoreFailure {
        StoreFailure(
            code: .otherFormat,
            message:
                "the store holds '\(space.name)' in format \(stored), and this program has format \(space.format): "
                + "run the program that wrote it, or move the data directory away and begin with an empty one"
        )
    }

    /// A key that no store takes.
    public static func keyTooLong(_ key: StoreKey) -> StoreFailure {
        StoreFailure(
            code: .keyTooLong,
            message: "a key has \(key.bytes.count) bytes, and a store takes \(StoreKey.maximumBytes) at most: "
                + "shorten the module's keys"
        )
    }

    /// There is no store, or none any more.
    public static let closed = StoreFailure(
        code: .closed, message: "the store is not open: the node has not opened it, or is about to end"
    )
}

import Wire

/// Names one request from outside until it is answered. The driver numbers them.
public struct RequestID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    public let number: UInt64

    public init(number: UInt64) {
        self.number = number
    }

    public var description: String { String(number) }

    public static func < (left: RequestID, right: RequestID) -> Bool { left.number < right.number }
}

/// What became of a transaction that was handed in.
public enum SubmissionResult: Sendable, Hashable {
    /// It waits for a block; `id` names it from now on.
    case accepted(id: Bytes32)
    case refused(SubmissionRefusal)
}

/// Why a transaction was not taken.
public struct SubmissionRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    /// The raw value is a word for programs.
    public enum Code: String, Sendable, Hashable, Codable, CaseIterable {
        /// The node has no application.
        case noApplication = "no-application"
        /// It has more bytes than a node takes.
        case tooLarge = "too-large"
        /// It is malformed, or the state does not allow it.
        case invalid
        /// It is known already.
        case duplicate
        /// As many transactions wait as may.
        case full
    }

    /// The longest message, in characters.
    public static let longestMessage = 200

    public let code: Code
    /// What is wrong and what to do, for whoever handed it in.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message.count > Self.longestMessage ? String(message.prefix(Self.longestMessage)) : message
    }

    public var description: String { message }

    static let noApplication = SubmissionRefusal(
        .noApplication, "this node has no application: its profile selects none, and its blocks are empty"
    )

    static func tooLarge(_ bytes: Int) -> SubmissionRefusal {
        SubmissionRefusal(
            .tooLarge, "the transaction has \(bytes) bytes, and a node takes \(Node.largestTransaction) at most"
        )
    }
}

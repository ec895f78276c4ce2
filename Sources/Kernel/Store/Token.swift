/// Names one outstanding `read`, `verify` or `resolve` of a module. Never reused by a node.
public struct Token: Sendable, Hashable, Comparable, Codable {
    public let number: UInt64

    public init(number: UInt64) {
        self.number = number
    }

    public static func < (left: Token, right: Token) -> Bool { left.number < right.number }
}

/// Names one write of a module. A node numbers its writes from 1 in the order in which they are asked for, and never uses
/// a number twice. After a restart the numbers begin anew: a token of an earlier process means nothing.
public struct WriteToken: Sendable, Hashable, Comparable, Codable {
    public let number: UInt64

    public init(number: UInt64) {
        self.number = number
    }

    public static func < (left: WriteToken, right: WriteToken) -> Bool { left.number < right.number }
}

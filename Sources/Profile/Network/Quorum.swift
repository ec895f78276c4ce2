/// The share of masternodes that has to agree, as a fraction such as 2/3.
public struct Quorum: Sendable, Hashable, CustomStringConvertible {
    public let numerator: Int
    public let denominator: Int

    /// Nil unless 0 < numerator ≤ denominator ≤ 1,000.
    public init?(numerator: Int, denominator: Int) {
        guard numerator > 0, numerator <= denominator, denominator <= 1_000 else { return nil }
        self.numerator = numerator
        self.denominator = denominator
    }

    private init(unchecked numerator: Int, _ denominator: Int) {
        self.numerator = numerator
        self.denominator = denominator
    }

    /// Reads `2/3`; nil if it is not a fraction above 0 and up to 1.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let numerator = Int(parts[0]), let denominator = Int(parts[1]) else { return nil }
        guard "\(numerator)/\(denominator)" == text else { return nil }
        self.init(numerator: numerator, denominator: denominator)
    }

    public static let twoThirds = Quorum(unchecked: 2, 3)

    /// The smallest number of members, out of `count`, that is at least this share.
    public func votes(of count: Int) -> Int {
        (count * numerator + denominator - 1) / denominator
    }

    public var description: String { "\(numerator)/\(denominator)" }
}

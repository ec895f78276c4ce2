/// What has become of a `verify`.
public enum Verification: Sendable, Hashable {
    /// Every signature was checked.
    case checked(SignatureVerdicts)
    /// None was: this node's verifier does not work. It says nothing about the signatures or about who sent them.
    indirect case failed(String)
}

/// For each check of a `verify`, whether the signature holds: a set of bits of any size.
public struct SignatureVerdicts: Sendable, Hashable, Codable {
    /// How many checks there were.
    public let count: Int
    /// The first 64 bits, lowest first; those beyond `count` are 0.
    private var first: UInt64 = 0
    /// The bits behind those, 64 a word.
    private var rest: [UInt64] = []

    /// Verdicts that are all alike.
    public init(repeating holds: Bool = false, count: Int) {
        precondition(count >= 0, "a number of checks is not negative")
        self.count = count
        if count > 64 { rest = [UInt64](repeating: 0, count: (count - 1) / 64) }
        if holds { for index in 0..<count { self[index] = true } }
    }

    /// These verdicts.
    public init(_ verdicts: some Collection<Bool>) {
        self.init(count: verdicts.count)
        for (index, holds) in verdicts.enumerated() { self[index] = holds }
    }

    /// Whether the signature of this check holds; false for a check that there was not.
    public subscript(index: Int) -> Bool {
        get {
            guard index >= 0, index < count else { return false }
            let word = index < 64 ? first : rest[index / 64 - 1]
            return word >> UInt64(index % 64) & 1 == 1
        }
        set {
            precondition(index >= 0 && index < count, "there is no check \(index) of \(count)")
            let bit: UInt64 = 1 << UInt64(index % 64)
            if index < 64 {
                first = newValue ? first | bit : first & ~bit
            } else {
                let word = rest[index / 64 - 1]
                rest[index / 64 - 1] = newValue ? word | bit : word & ~bit
            }
        }
    }

    /// Whether every signature holds.
    public var allHold: Bool { leadingCount == count }

    /// How many signatures hold before the first that does not.
    public var leadingCount: Int {
        var leading = 0
        for word in words {
            let ones = (~word).trailingZeroBitCount
            leading += ones
            if ones < 64 { break }
        }
        return min(leading, count)
    }

    /// The bits, 64 a word, lowest first; at least one word.
    public var words: [UInt64] { [first] + rest }

    /// Verdicts from their words.
    ///
    /// - Returns: nil where there are not as many words as `count` needs, or bits beyond it.
    public init?(words: [UInt64], count: Int) {
        guard let first = words.first, count >= 0, words.count == max(1, count / 64 + (count % 64 == 0 ? 0 : 1)) else {
            return nil
        }
        if let last = words.last, count == 0 || count % 64 != 0, last >> UInt64(count % 64) != 0 { return nil }
        self.count = count
        self.first = first
        self.rest = Array(words.dropFirst())
    }
}

extension SignatureVerdicts {
    private enum CodingKeys: String, CodingKey {
        case count, words
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let words = try container.decode([UInt64].self, forKey: .words)
        guard let verdicts = Self(words: words, count: try container.decode(Int.self, forKey: .count)) else {
            throw DecodingError.dataCorruptedError(
                forKey: .words, in: container, debugDescription: "not as many bits as there were checks"
            )
        }
        self = verdicts
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(count, forKey: .count)
        try container.encode(words, forKey: .words)
    }
}

/// A stream of random numbers that is known by its name: xoshiro256** (Blackman and Vigna, 2018), its state filled by
/// SplitMix64 from the seed and the name.
///
/// Deriving by name rather than by draw order means that a new draw in one module never reshuffles another's.
public struct RandomStream: Sendable, Hashable, Codable, RandomNumberGenerator {
    private var first: UInt64
    private var second: UInt64
    private var third: UInt64
    private var fourth: UInt64

    /// The stream called `name` of a run's `seed`.
    public init(seed: UInt64, name: String) {
        // The stream depends on nothing but these bytes.
        var mixer = SplitMix64(state: seed ^ FNV1a.hash(name.utf8))
        self.first = mixer.next()
        self.second = mixer.next()
        self.third = mixer.next()
        self.fourth = mixer.next()
    }

    /// The generator's four words: all that its draws depend on.
    package var words: [UInt64] { [first, second, third, fourth] }

    /// A stream that goes on where another one was.
    ///
    /// - Returns: nil unless there are four words and one of them is not 0: a stream of zeros never leaves them.
    package init?(words: [UInt64]) {
        guard words.count == 4, words.contains(where: { $0 != 0 }) else { return nil }
        self.first = words[0]
        self.second = words[1]
        self.third = words[2]
        self.fourth = words[3]
    }

    public mutating func next() -> UInt64 {
        let product = second &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = second << 17
        third ^= first
        fourth ^= second
        second ^= third
        first ^= fourth
        third ^= shifted
        fourth = fourth << 45 | fourth >> 19
        return result
    }

    /// An unbiased draw from `0 ..< bound`; 0 where `bound` is 0 or 1 (Lemire, 2019).
    public mutating func below(_ bound: UInt64) -> UInt64 {
        guard bound > 1 else { return 0 }
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold {
                product = next().multipliedFullWidth(by: bound)
            }
        }
        return product.high
    }

    /// A draw from `0 ..< limit`, in whole nanoseconds.
    public mutating func duration(below limit: Duration) -> Duration {
        .nanoseconds(Int64(below(UInt64(max(0, limit.nanoseconds)))))
    }

    /// True `numerator` times in `denominator`.
    public mutating func chance(_ numerator: UInt64, in denominator: UInt64) -> Bool {
        below(denominator) < numerator
    }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): turns one number into many unrelated ones.
public struct SplitMix64: Sendable, RandomNumberGenerator {
    private var state: UInt64

    /// A generator that starts at `state`.
    public init(state: UInt64) {
        self.state = state
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}

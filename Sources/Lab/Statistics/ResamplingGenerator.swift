/// SplitMix64 (Steele, Lea, Flood 2014): the draws of the bootstrap and of the sign-flip test.
///
/// A report has to be the same whenever and wherever it is made, so its draws come from constants and never from
/// the system.
struct ResamplingGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// An index below `bound`: the high half of a product, whose bias of at most `bound` in 2^64 nobody can see.
    mutating func index(below bound: Int) -> Int {
        Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }
}

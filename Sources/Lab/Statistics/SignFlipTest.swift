/// The paired sign-flip (randomisation) test of Fisher 1935: under the hypothesis that two profiles do not differ,
/// each seed's difference could as well have had the other sign.
public enum SignFlipTest {
    /// Sign patterns up to which all are enumerated: 2^14.
    public static let exactPatterns = 1 << 14
    /// Random patterns beyond that.
    public static let randomPatterns = 10_000

    private static let seed: UInt64 = 0x666C_6970_7369_676E

    /// The two-sided p-value of the sum of the differences, 0 < p ≤ 1; `nil` without differences.
    ///
    /// - Parameters:
    ///   - differences: one per seed, in any unit.
    ///   - exactPatterns: up to so many sign patterns (2 to the number of differences) the value is exact.
    ///   - randomPatterns: otherwise so many are drawn, and the observed one is counted among them, so that p is
    ///     never zero (Phipson and Smyth 2010).
    public static func pValue(
        _ differences: [Double],
        exactPatterns: Int = Self.exactPatterns,
        randomPatterns: Int = Self.randomPatterns
    ) -> Double? {
        guard !differences.isEmpty else { return nil }
        // A seed without a difference adds nothing to any pattern's sum.
        let moving = differences.filter { $0 != 0 }.sorted()
        guard !moving.isEmpty else { return 1 }
        if moving.count < 40, 1 << moving.count <= exactPatterns {
            return exact(moving)
        }
        return sampled(moving, patterns: randomPatterns)
    }

    private static func threshold(_ differences: [Double]) -> Double {
        let observed = differences.reduce(0, +).magnitude
        let scale = differences.reduce(0) { $0 + $1.magnitude }
        // Sums in another order differ by rounding; equal patterns must count as equal.
        return observed - 1e-9 * scale
    }

    private static func exact(_ differences: [Double]) -> Double {
        let threshold = threshold(differences)
        // Flipping every sign leaves the magnitude alone, so the last difference keeps its sign and half of the
        // patterns suffice.
        let flippable = differences.count - 1
        let patterns = 1 << flippable
        var extreme = 0
        for pattern in 0..<patterns {
            var sum = differences[flippable]
            for index in 0..<flippable {
                sum += pattern >> index & 1 == 0 ? differences[index] : -differences[index]
            }
            if sum.magnitude >= threshold { extreme += 1 }
        }
        return Double(extreme) / Double(patterns)
    }

    private static func sampled(_ differences: [Double], patterns: Int) -> Double {
        let threshold = threshold(differences)
        var generator = ResamplingGenerator(seed: seed)
        var extreme = 0
        for _ in 0..<patterns {
            var sum = 0.0
            var bits: UInt64 = 0
            for (index, difference) in differences.enumerated() {
                if index % 64 == 0 { bits = generator.next() }
                sum += bits & 1 == 0 ? difference : -difference
                bits >>= 1
            }
            if sum.magnitude >= threshold { extreme += 1 }
        }
        return Double(extreme + 1) / Double(patterns + 1)
    }
}

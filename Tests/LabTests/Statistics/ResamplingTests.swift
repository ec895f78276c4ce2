import Testing

@testable import Lab

@Suite struct ResamplingTests {
    @Test("the generator is SplitMix64: its published first draws for the seed 1234567")
    func generator() {
        var generator = ResamplingGenerator(seed: 1_234_567)
        let draws = (0..<5).map { _ in generator.next() }
        #expect(
            draws == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
    }

    /// With three values the median of a resample is the smallest one in 7 of 27 cases, with nine it is at most the
    /// second smallest in 3 % and the smallest in 0.2 %: the percentiles 2.5 and 97.5 follow.
    @Test("the bootstrap interval of a median is the one that counting gives")
    func bootstrap() {
        #expect(Bootstrap.medianInterval([3, 1, 2]) == Interval(low: 1, high: 3))
        #expect(Bootstrap.medianInterval((1...9).map(Double.init)) == Interval(low: 2, high: 8))
    }

    @Test("the bootstrap interval depends on the values alone, not on their order")
    func bootstrapOrder() {
        let values: [Double] = [5, 1, 9, 2, 8, 3, 3, 7]
        let interval = Bootstrap.medianInterval(values)
        #expect(interval != nil)
        #expect(Bootstrap.medianInterval(values.reversed()) == interval)
        #expect(Bootstrap.medianInterval(values) == interval)
    }

    @Test("one value has no interval, equal values have that of a point")
    func degenerateBootstrap() {
        #expect(Bootstrap.medianInterval([]) == nil)
        #expect(Bootstrap.medianInterval([4]) == nil)
        #expect(Bootstrap.medianInterval([4, 4, 4]) == Interval(low: 4, high: 4))
    }

    @Test("about 95 % of the intervals of twenty draws hold the true median")
    func coverage() {
        var generator = ResamplingGenerator(seed: 42)
        let covered = (0..<100).count { _ in
            let values = (0..<20).map { _ in Double(generator.next() >> 11) / 9_007_199_254_740_992 }
            return Bootstrap.medianInterval(values)?.contains(0.5) == true
        }
        #expect((88...99).contains(covered))
    }

    /// Darwin's maize, crossed minus self-fertilised in eighths of an inch: Fisher (1935) counted 863 of 32,768 sign
    /// patterns with a sum of 314 or more, so 1,726 on both sides.
    private let maize: [Double] = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]

    @Test("the exact sign-flip test gives Fisher's count for Darwin's maize")
    func fisher() {
        #expect(SignFlipTest.pValue(maize, exactPatterns: 1 << 15) == 1_726.0 / 32_768.0)
    }

    @Test("random patterns come near the exact value, the same way each time")
    func randomPatterns() throws {
        let value = try #require(SignFlipTest.pValue(maize))
        #expect((value - 1_726.0 / 32_768.0).magnitude < 0.007)
        #expect(SignFlipTest.pValue(maize) == value)
        #expect(SignFlipTest.pValue(maize.reversed()) == value)
    }

    @Test("small sign-flip tests give what counting gives")
    func smallFlips() {
        #expect(SignFlipTest.pValue([1, 2, 3]) == 0.25)
        #expect(SignFlipTest.pValue([-1, -2, -3]) == 0.25)
        #expect(SignFlipTest.pValue([3, -1]) == 1)
        #expect(SignFlipTest.pValue([1, 1, 1, -1]) == 10.0 / 16.0)
        #expect(SignFlipTest.pValue([5]) == 1)
        #expect(SignFlipTest.pValue([0, 0]) == 1)
        #expect(SignFlipTest.pValue([]) == nil)
        #expect(SignFlipTest.pValue([Double](repeating: 0.1, count: 14)) == 2.0 / 16_384.0)
    }

    @Test("a p-value is never zero, however clear the case")
    func neverZero() {
        #expect(SignFlipTest.pValue([Double](repeating: 3, count: 200)) == 1.0 / 10_001.0)
    }

    @Test("Holm's correction gives the textbook's adjusted values in the given order")
    func holm() {
        let adjusted = HolmCorrection.adjust([0.01, 0.04, 0.03, 0.005])
        for (value, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) {
            #expect((value - expected).magnitude < 1e-12)
        }
        #expect(HolmCorrection.adjust([0.9, 0.8]) == [1, 1])
        #expect(HolmCorrection.adjust([]) == [])
    }
}

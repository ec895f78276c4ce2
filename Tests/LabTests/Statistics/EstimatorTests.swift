import Testing

@testable import Lab

@Suite struct EstimatorTests {
    @Test("quantiles interpolate as R's type 7 does")
    func quantiles() {
        let values: [Double] = [7, 10, 2, 1, 4, 3, 6, 5, 9, 8]
        #expect(Quantiles.quantile(values, 0.25) == 3.25)
        #expect(Quantiles.median(values) == 5.5)
        #expect(Quantiles.quantile([1, 2, 3, 4, 10], 0.95).map { ($0 - 8.8).magnitude < 1e-12 } == true)
        #expect(Quantiles.quantile(values, 0) == 1 && Quantiles.quantile(values, 1) == 10)
        #expect(Quantiles.median([4]) == 4)
        #expect(Quantiles.median([]) == nil)
    }

    /// Remission of the patients treated with 6-mercaptopurine (Freireich and others 1963; Gehan 1965): the example
    /// of most textbooks.
    private let remission = Samples(
        values: [6, 6, 6, 7, 10, 13, 16, 22, 23],
        censored: [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    )

    @Test("Kaplan–Meier gives the textbook's survival of the remission data")
    func kaplanMeier() {
        let estimate = KaplanMeier(remission)
        #expect(estimate.steps.map(\.time) == [6, 7, 10, 13, 16, 22, 23])
        #expect(estimate.steps.map(\.atRisk) == [21, 17, 15, 12, 11, 7, 6])
        let textbook = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
        for (step, expected) in zip(estimate.steps, textbook) {
            #expect((step.survival - expected).magnitude < 0.0006)
        }
        #expect(estimate.quantile(0.5) == 23)
        #expect(estimate.quantile(0.05) == 6)
        #expect(estimate.quantile(0.99) == nil)
        #expect(estimate.censoredShare == 12.0 / 21.0)
        #expect(estimate.horizon == 35)
    }

    @Test("without censoring Kaplan–Meier is the plain distribution")
    func uncensored() {
        let estimate = KaplanMeier(Samples(values: [4, 3, 2, 1]))
        #expect(estimate.steps.map(\.survival) == [0.75, 0.5, 0.25, 0])
        #expect(estimate.quantile(0.5) == 2)
        #expect(estimate.quantile(0.99) == 4)
    }

    @Test("nothing that ended means no quantile, and nothing at all no share")
    func onlyCensored() {
        let estimate = KaplanMeier(Samples(values: [], censored: [10, 20]))
        #expect(estimate.quantile(0.05) == nil && estimate.censoredShare == 1 && estimate.horizon == 20)
        let empty = KaplanMeier(Samples(values: []))
        #expect(empty.censoredShare == nil && empty.horizon == nil && empty.steps.isEmpty)
    }
}

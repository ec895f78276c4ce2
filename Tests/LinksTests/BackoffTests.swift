import Kernel
import Testing

@testable import Links

struct BackoffTests {
    private let backoff = Backoff(initial: .seconds(1), limit: .seconds(30))

    @Test("the window doubles with each failure, up to the limit", arguments: zip(1...8, [1, 2, 4, 8, 16, 30, 30, 30]))
    func growth(failures: Int, window: Int) {
        #expect(backoff.delay(failures: failures) { _ in .zero } == .seconds(window) / 2)
        #expect(backoff.delay(failures: failures) { $0 } == .seconds(window))
    }

    @Test("every wait lies in the upper half of its window")
    func bounds() {
        var random = RandomStream(seed: 2, name: "backoff")
        for failures in 1...70 {
            let window = min(.seconds(30), Duration.seconds(1) * (1 << min(failures - 1, 10)))
            for _ in 0..<50 {
                let delay = backoff.delay(failures: failures) { random.duration(below: $0) }
                #expect(delay >= window / 2)
                #expect(delay <= window)
            }
        }
    }

    @Test("without a failure the wait only spreads the herd")
    func noFailure() {
        #expect(backoff.delay(failures: 0) { $0 } == .milliseconds(500))
        #expect(backoff.delay(failures: 0) { _ in .zero } == .zero)
    }

    @Test("an initial window above the limit is cut to it")
    func initialAboveLimit() {
        let odd = Backoff(initial: .seconds(60), limit: .seconds(10))
        #expect(odd.delay(failures: 1) { $0 } == .seconds(10))
    }
}

import Testing

@testable import Lab

/// A dial that nobody answers, beside what Linux 6.18 did.
struct ConnectionRequestTests {
    private func times(_ request: ConnectionRequest) -> (sent: [Double], end: Double) {
        var request = request
        var now: Int64 = 0
        var sent: [Double] = []
        while case .send(let next) = request.fire(at: now) {
            sent.append(Double(now) / 1e9)
            now += next
        }
        return (sent, Double(now) / 1e9)
    }

    @Test("five SYNs a second apart, then each after twice the wait, and 131 s in all")
    func usual() {
        let (sent, end) = times(ConnectionRequest())
        #expect(sent == [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67])
        #expect(end == 131)
    }

    @Test(
        "with TCP_SYNCNT set the doublings of as many tries are the limit",
        arguments: [
            (1, [0, 1.02, 2.04], 3.06), (2, [0, 1.02, 2.04, 3.07, 4.09, 5.11], 7.13),
            (4, [0, 1.02, 2.04, 3.07, 4.09, 5.11, 7.13, 11.16, 19.35], 35.48),
        ] as [(Int, [Double], Double)])
    func synCount(retries: Int, measured: [Double], measuredEnd: Double) {
        let (sent, end) = times(ConnectionRequest(retries: retries))
        #expect(sent.count == measured.count)
        for (sent, measured) in zip(sent, measured) { #expect(abs(sent - measured) <= 0.05 * measured) }
        #expect(abs(end - measuredEnd) <= 0.05 * measuredEnd)
    }

    @Test("with a user timeout of 4 s a dial is over after 4 s (measured: 4.03 s)")
    func userTimeout() {
        let end = times(ConnectionRequest(userTimeout: 4_000_000_000)).end
        #expect(abs(end - 4.03) <= 0.05 * 4.03)
    }
}

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

    @Test("seven SYNs, each after twice the wait, and 127 s in all")
    func usual() {
        let (sent, end) = times(ConnectionRequest())
        #expect(sent == [0, 1, 3, 7, 15, 31, 63])
        #expect(end == 127)
    }

    @Test("with TCP_SYNCNT 2 a dial is over after 7 s (measured: 7.11 s)")
    func synCount() {
        let end = times(ConnectionRequest(retries: 2)).end
        #expect(abs(end - 7.11) <= 0.05 * 7.11)
    }

    @Test("with a user timeout of 4 s a dial is over after 4 s (measured: 4.03 s)")
    func userTimeout() {
        let end = times(ConnectionRequest(userTimeout: 4_000_000_000)).end
        #expect(abs(end - 4.03) <= 0.05 * 4.03)
    }
}

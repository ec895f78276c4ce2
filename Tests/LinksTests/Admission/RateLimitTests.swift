import Kernel
import Testing
import Wire

@testable import Links

/// How much a peer may say.
struct RateLimitTests {
    private let limit = RateLimit(messages: 100, bytes: 10_000, burst: .seconds(10))

    private func taken(
        _ channel: Channel, size: Int, tries: Int, at now: Instant, _ meter: inout RateLimit.Meter
    ) -> Int {
        (0..<tries).count { _ in limit.take(channel, bytes: size, at: now, from: &meter) }
    }

    @Test("a burst's worth may come at once, then the rate counts")
    func burst() {
        var meter = RateLimit.Meter(isPrivileged: false)
        #expect(taken(.consensus, size: 1, tries: 5000, at: .zero, &meter) == 1000)
        #expect(taken(.consensus, size: 1, tries: 5000, at: .zero + .seconds(1), &meter) == 100)
        #expect(taken(.consensus, size: 1, tries: 5000, at: .zero + .seconds(3600), &meter) == 1000)
    }

    @Test("bytes have a bucket of their own")
    func bytes() {
        var meter = RateLimit.Meter(isPrivileged: false)
        #expect(taken(.application, size: 1000, tries: 5000, at: .zero, &meter) == 100)
        // Nothing is taken for what is refused.
        #expect(taken(.application, size: 1000, tries: 1, at: .zero + .milliseconds(100), &meter) == 1)
    }

    @Test("a large message that is dropped counts for as many as share its bytes")
    func excess() {
        #expect([1, 100, 199, 200, 1_000_000].map(limit.excess) == [1, 1, 1, 2, 10_000])
        #expect(RateLimit(messages: 100, bytes: 10, burst: .seconds(1)).excess(50) == 50)
    }

    @Test("channels do not share buckets; liveness and discovery have a tenth")
    func channels() {
        var meter = RateLimit.Meter(isPrivileged: false)
        #expect(taken(.consensus, size: 1, tries: 5000, at: .zero, &meter) == 1000)
        #expect(taken(.liveness, size: 1, tries: 5000, at: .zero, &meter) == 100)
        #expect(taken(.discovery, size: 1, tries: 5000, at: .zero, &meter) == 100)
    }

    @Test("a masternode may say ten times as much")
    func privileged() {
        var meter = RateLimit.Meter(isPrivileged: true)
        #expect(taken(.consensus, size: 1, tries: 50_000, at: .zero, &meter) == 10_000)
    }

    @Test("a rate that does not divide a second is kept to in the long run", arguments: [7, 1023, 67_108_864])
    func exact(bytes: Int) {
        let limit = RateLimit(messages: 10_000_000, bytes: bytes, burst: .seconds(1))
        var meter = RateLimit.Meter(isPrivileged: false)
        let size = max(1, bytes / 100)
        var taken = 0
        for step in 0...10_000 {
            let now = Instant.zero + .milliseconds(10) * step
            while limit.take(.consensus, bytes: size, at: now, from: &meter) { taken += size }
        }
        let expected = 101 * bytes
        #expect(taken <= expected && taken >= expected - size - bytes / 100)
    }

    @Test("a length that no message has overflows nothing")
    func overflow() {
        var meter = RateLimit.Meter(isPrivileged: false)
        #expect(!limit.take(.consensus, bytes: .max, at: .zero, from: &meter))
    }
}

import Testing

@testable import Kernel

struct RandomStreamTests {
    private func draws(_ seed: UInt64, _ name: String) -> [UInt64] {
        var stream = RandomStream(seed: seed, name: name)
        return (0..<4).map { _ in stream.next() }
    }

    @Test("a stream's numbers never change: these were computed by another program")
    func golden() {
        #expect(
            draws(1, "links") == [
                0x08d8_a064_31bf_074b, 0x1bb7_aad0_05de_567f, 0xabfc_b474_95b0_df8c, 0xabda_1382_0e34_fbb7,
            ]
        )
        #expect(
            draws(1, "liveness") == [
                0x6c60_6d75_13d7_cf82, 0x55a1_d333_8496_a945, 0x7d3c_351b_7560_2f34, 0xdf1d_fb23_1fcc_e28c,
            ]
        )
        #expect(
            draws(2, "links") == [
                0xd6ec_9241_4fdf_c466, 0xf186_815f_d974_e50e, 0x2a6b_db4e_c71a_a0bd, 0x8698_6660_9838_bb61,
            ]
        )
        var mixer = SplitMix64(state: 0)
        #expect(
            (0..<3).map { _ in mixer.next() } == [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f]
        )
    }

    @Test("streams of two names share no draw, and agree in half their bits")
    func independent() {
        var left = RandomStream(seed: 9, name: "links")
        var right = RandomStream(seed: 9, name: "liveness")
        var differing = 0
        for _ in 0..<1000 { differing += (left.next() ^ right.next()).nonzeroBitCount }
        #expect((31_000...33_000).contains(differing))
    }

    @Test("draws below a bound are even, at bounds that divide nothing", arguments: [3, 7, 10, 1000] as [UInt64])
    func even(bound: UInt64) {
        var stream = RandomStream(seed: 3, name: "even")
        var counts = Array(repeating: 0, count: Int(bound))
        let rounds = 2000 * Int(bound)
        for _ in 0..<min(rounds, 200_000) {
            let draw = stream.below(bound)
            guard draw < bound else {
                Issue.record("\(draw) is not below \(bound)")
                return
            }
            counts[Int(draw)] += 1
        }
        let mean = min(rounds, 200_000) / Int(bound)
        for count in counts { #expect(abs(count - mean) < mean / 2) }
    }

    @Test("a huge bound is not biased towards its lower part")
    func hugeBound() {
        // With a plain remainder, draws below 2^63 + 2^62 fall into the lower third twice as often.
        var stream = RandomStream(seed: 3, name: "huge")
        let bound: UInt64 = 3 << 62
        var lowerThird = 0
        for _ in 0..<30_000 where stream.below(bound) < 1 << 62 { lowerThird += 1 }
        #expect((9_500...10_500).contains(lowerThird))
    }

    @Test("bounds of 0 and 1 draw nothing")
    func trivialBounds() {
        var stream = RandomStream(seed: 3, name: "trivial")
        let before = stream
        #expect(stream.below(0) == 0)
        #expect(stream.below(1) == 0)
        #expect(stream.duration(below: .zero) == .zero)
        #expect(stream.duration(below: .seconds(-1)) == .zero)
        #expect(stream == before)
    }

    @Test("a digest depends on every pair of words, on both words of each and on their order")
    func traceHash() {
        func digest(_ records: [(UInt64, UInt64)]) -> String {
            var hash = TraceHash()
            for record in records { hash.add(record.0, record.1) }
            #expect(hash.digest() == hash.digest())
            return hash.digest()
        }
        let records = (UInt64(0)..<9000).map { ($0, $0 / 7) }
        var others = [digest(records), digest(records.reversed()), digest(records.dropLast()), digest([])]
        for place in [0, 1, 4095, 4096, 8191, 8192, 8999] {
            for change in [(UInt64(1), UInt64(0)), (0, 1), (1 << 63, 0), (0, 1 << 63)] {
                var changed = records
                changed[place].0 ^= change.0
                changed[place].1 ^= change.1
                others.append(digest(changed))
            }
        }
        #expect(others.first == digest(records))
        #expect(others.sorted() == Array(Set(others)).sorted())
    }
}

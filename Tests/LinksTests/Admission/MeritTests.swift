import Kernel
import Testing
import Wire

@testable import Links

/// Which stranger gives way.
struct MeritTests {
    private func candidate(
        _ number: UInt64, network: UInt32? = nil, since: Int64 = 1000, roundTrip: Int = 100, usefulAt: Int64? = nil
    ) -> Merit.Candidate {
        Merit.Candidate(
            link: LinkID(number: number),
            network: IPAddress(version4: (network ?? UInt32(number)) << 8),
            since: .zero + .seconds(since), roundTrip: .milliseconds(roundTrip),
            usefulAt: usefulAt.map { .zero + .seconds($0) }
        )
    }

    @Test("of few, the half that has been up longest stays and the youngest goes")
    func age() {
        let candidates = (1...8).map { candidate($0, since: 100 * Int64($0)) }
        #expect(Merit.least(of: candidates, secret: 1) == LinkID(number: 8))
        #expect(Merit.least(of: [], secret: 1) == nil)
    }

    @Test("the network with the most loses its youngest, though others are younger")
    func crowd() {
        var candidates = (1...8).map { candidate($0, since: 5000 + Int64($0)) }
        candidates += (9...14).map { candidate($0, network: 77, since: 4000 + Int64($0)) }
        // The older half of 14 is 6 of network 77 and one other; so those six are safe, and a crowd that is young is not.
        #expect(Merit.least(of: candidates, secret: 1) == LinkID(number: 8))
        candidates += (15...17).map { candidate($0, network: 78, since: 4500) }
        candidates += (18...24).map { candidate($0, network: 79, since: 5004) }
        #expect(Merit.least(of: candidates, secret: 1) == LinkID(number: 24))
    }

    @Test("a flood of newcomers never displaces the near, the useful and the old")
    func protected() {
        var candidates = (1...8).map { candidate($0, since: 9000, roundTrip: 1) }
        candidates += (9...12).map { candidate($0, since: 9000, usefulAt: 8999) }
        candidates += (13...68).map { candidate($0, since: Int64($0)) }
        // 60 young ones from one network.
        candidates += (69...128).map { candidate($0, network: 1 << 20, since: 9500) }
        for secret in 0..<50 as Range<UInt64> {
            var left = candidates
            for round in 0..<200 as Range<UInt64> {
                guard let victim = Merit.least(of: left, secret: secret) else { break }
                #expect(victim.number > 68)
                left.removeAll { $0.link == victim }
                left.append(candidate(1000 + round, network: 1 << 20, since: 9600 + Int64(round)))
            }
        }
    }
}

import Kernel
import Testing
import Wire

@testable import Application

@Suite("application traffic")
struct TrafficTests {
    private func rig(_ options: TrafficOptions = .init(request: 10, reply: 20), seed: UInt64 = 1) -> Rig {
        let rig = Rig(Traffic(options: options), seed: seed)
        rig.start()
        return rig
    }

    private func answers(_ rig: Rig) -> [Event] {
        rig.events.filter { if case .requestAnswered = $0 { true } else { false } }
    }

    @Test("the first round comes one interval and a phase of the seed's after the start")
    func phase() throws {
        var firsts: [Instant] = []
        for seed in UInt64(1)...8 {
            let first = try #require(rig(seed: seed).nextDeadline)
            #expect(first >= .zero + .seconds(10) && first <= .zero + .seconds(20))
            #expect(try #require(rig(seed: seed).nextDeadline) == first)
            if !firsts.contains(first) { firsts.append(first) }
        }
        #expect(firsts.count > 4)
    }

    @Test("each round asks every linked peer once, in the order of identities")
    func round() throws {
        let rig = rig()
        let third = rig.link(to: 3)
        rig.link(to: 1)
        let first = rig.link(to: 1)
        let second = rig.link(to: 2)
        rig.advance(to: try #require(rig.nextDeadline))
        #expect(rig.sent.map(\.link) == [first, second, third])
        #expect(rig.sent.map(\.message) == (UInt64(1)...3).map { .request(id: $0, padding: 10) })
        #expect(rig.events.contains(.requestSent(id: 3)))
        rig.advance(by: .seconds(10))
        #expect(rig.sent.count == 6)
        #expect(rig.sent.last?.message == .request(id: 6, padding: 10))
    }

    @Test("a request is answered over the link it came by")
    func replies() {
        let rig = rig()
        let old = rig.link(to: 1)
        rig.link(to: 1)
        rig.receive(.request(id: 77, padding: 5), over: old)
        #expect(rig.sent == [.init(link: old, message: .reply(id: 77, padding: 20))])
    }

    @Test("an answer is observed once, with the time it took, and only from the peer that was asked")
    func answered() throws {
        let rig = rig()
        let first = rig.link(to: 1)
        let second = rig.link(to: 2)
        rig.advance(to: try #require(rig.nextDeadline))
        rig.advance(by: .milliseconds(250))
        rig.receive(.reply(id: 1, padding: 0), over: second)
        rig.receive(.reply(id: 9, padding: 0), over: first)
        #expect(answers(rig).isEmpty)
        rig.receive(.reply(id: 1, padding: 0), over: first)
        rig.receive(.reply(id: 1, padding: 0), over: first)
        #expect(answers(rig) == [.requestAnswered(id: 1, after: .milliseconds(250))])
    }

    @Test("a request without an answer is forgotten after a minute", arguments: [0, 1])
    func forgotten(late: Int) throws {
        let rig = rig(.init(interval: .seconds(3600)))
        let link = rig.link(to: 1)
        rig.advance(to: try #require(rig.nextDeadline))
        rig.advance(by: .seconds(60) + .milliseconds(late))
        rig.receive(.reply(id: 1, padding: 0), over: link)
        #expect(answers(rig).count == 1 - late)
    }

    @Test("of more than 4,096 outstanding requests the oldest is forgotten")
    func bounded() throws {
        let rig = rig(.init(interval: .milliseconds(10)))
        let link = rig.link(to: 1)
        rig.advance(to: try #require(rig.nextDeadline))
        rig.advance(by: .milliseconds(40_960))
        #expect(rig.sent.count == 4097)
        rig.receive(.reply(id: 1, padding: 0), over: link)
        #expect(answers(rig).isEmpty)
        rig.receive(.reply(id: 2, padding: 0), over: link)
        #expect(answers(rig).count == 1)
    }

    @Test("rounds that a stall swallowed are not made up for")
    func stalled() throws {
        let rig = rig()
        rig.link(to: 1)
        rig.advance(to: try #require(rig.nextDeadline))
        rig.stall(for: .seconds(35))
        rig.advance(by: .zero)
        #expect(rig.sent.count == 2)
        rig.advance(by: .milliseconds(9999))
        #expect(rig.sent.count == 2)
        rig.advance(by: .milliseconds(1))
        #expect(rig.sent.count == 3)
    }

    @Test("the profile's defaults are the module's, and the largest padding fits a frame")
    func defaults() throws {
        #expect(try TrafficOptions(.defaults(of: Traffic.descriptor.spec.options)) == TrafficOptions())
        #expect(Message.request(id: .max, padding: 1_000_000).isEncodable)
    }
}

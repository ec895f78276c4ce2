import Kernel
import Testing

@testable import Lab

struct DeterminismTests {
    private let lively = TwoHosts(
        liveness: "use: ping-pong", duration: .seconds(600), jitter: .milliseconds(20), lossPerMillion: 20_000,
        traffic: .init(requestBytes: 500, replyBytes: 500, interval: .seconds(5)),
        faults: [
            .stall(0, at: .seconds(60), for: .seconds(70)), .kill(1, at: .seconds(200), down: .seconds(5)),
            .powerLoss(of: 0, at: .seconds(300), for: .seconds(30)),
        ]
    )

    @Test("the same seed gives the same digest, figures and number of events")
    func sameSeed() throws {
        let (first, second) = (try lively.run(seed: 7).result, try lively.run(seed: 7).result)
        #expect(first.digest == second.digest)
        #expect(first.events == second.events)
        #expect(first.metrics == second.metrics)
    }

    @Test("another seed gives another digest")
    func otherSeed() throws {
        let digests = try (1...5 as ClosedRange<UInt64>).map { try lively.run(seed: $0).result.digest }
        #expect(Set(digests).count == 5)
    }

    @Test("watching a run changes nothing in it")
    func watched() throws {
        var longer = lively
        longer.duration = .seconds(601)
        #expect(
            try longer.run(seed: 7).records.prefix(500).map(\.jsonLine)
                == lively.run(seed: 7).records.prefix(500).map(\.jsonLine))
    }

    @Test(
        "events come out in the order of their time, and of their coming where that is equal",
        arguments: [0, 20, 27, 30, 40] as [Int64])
    func eventQueue(magnitude: Int64) {
        var random = RandomStream(seed: 1, name: "queue")
        var queue = EventQueue<Int>()
        var model: [(time: Int64, order: Int)] = []
        for order in 0..<5000 {
            if random.chance(2, in: 3) || model.isEmpty {
                let time = Int64(random.below(100)) << magnitude
                queue.push(order, at: time)
                model.append((time, order))
            } else if let least = model.min(by: { ($0.time, $0.order) < ($1.time, $1.order) }) {
                #expect(queue.nextTime == least.time)
                #expect(queue.pop()?.payload == least.order)
                model.removeAll { $0.order == least.order }
            }
            #expect(queue.count == model.count)
        }
    }
}

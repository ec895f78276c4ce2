import Foundation
import Kernel
import Links
import Testing

@testable import ModuleTesting

/// Whatever happens to two nodes in whatever order: left to themselves they come to one link, within a stated time.
/// `make glare` goes further than these.
struct GlareTests {
    @Test("every order of a few events comes to one link", arguments: GlareStart.all)
    func everyOrder(_ start: GlareStart) {
        var explorer = start.explorer()
        explorer.explore(depth: 4)
        #expect(explorer.finding == nil, "\(explorer.finding.map { "\($0)" } ?? "")")
        #expect(explorer.tally.states > 20)
    }

    @Test("a pair that can never link is found, and shrunk to nothing")
    func impossiblePair() throws {
        var setup = GlareSetup(style: .signed, rules: [.higherAddress, .lowerAddress])
        setup.passiveWait = nil
        var explorer = GlareExplorer(setup)
        explorer.explore(depth: 3)
        let finding = try #require(explorer.finding)
        #expect(finding.events.isEmpty && finding.problem == "A ends with no link")
    }

    @Test("states that look alike behave alike", arguments: GlareSetup.Style.allCases)
    func canonical(_ style: GlareSetup.Style) {
        var setup = GlareSetup(style: style, rules: [.none, .none])
        setup.addressing[0] = .namedAndBare
        var outcomes: [CanonicalHash: (path: [GlareEvent], time: Duration, next: [CanonicalHash])] = [:]
        var met = 0
        for seed in 0..<300 as Range<UInt64> {
            var random = RandomStream(seed: seed, name: "walk")
            var world = GlareWorld(setup)
            var path: [GlareEvent] = []
            for _ in 0..<10 {
                let events = world.possible
                guard !events.isEmpty else { break }
                let event = events[Int(random.below(UInt64(events.count)))]
                world.perform(event)
                path.append(event)
                var left = world.fork()
                var none: RandomStream?
                let manner = GlareManner(first: 0, notices: 0)
                left.quieten(manner, random: &none)
                let time = left.settle(manner, for: .seconds(60), random: &none)
                let next = world.arrivals.map { event in
                    var following = world.fork()
                    following.perform(event)
                    return following.canonical
                }.sorted { $0.word < $1.word }
                guard let known = outcomes.updateValue((path, time, next), forKey: world.canonical) else { continue }
                if known.path != path { met += 1 }
                #expect(known.time == time && known.next == next, "\(known.path) and \(path)")
            }
        }
        #expect(met > 20)
    }

    @Test("drawn runs with every mix of direction rules come to one link")
    func drawnRuns() {
        let runs = ProcessInfo.processInfo.environment["TIMENODE_WORLD_RUNS"].flatMap { UInt64($0) } ?? 1000
        for seed in 1...runs {
            guard let finding = GlareDraw.run(seed: seed).finding else { continue }
            Issue.record("seed \(seed): \(finding)")
            return
        }
    }
}

import Kernel
import Profile
import Testing
import Wire

@testable import Liveness

@Suite("layered: what ends idle connections on the way")
struct LayeredPaceTests {
    private func rig(_ change: (Options) -> Options = { $0 }) throws -> Rig {
        Rig(Layered(options: LayeredOptions(change(try Options.defaults(of: LayeredOptions.spec)))))
    }

    /// A link with a peer that is quiet for so long, ends, and is there again a second later.
    @discardableResult
    private func cycle(
        _ rig: Rig, quiet: Duration, _ reason: Reason, peer: UInt64 = 1, back: Duration = .seconds(1)
    ) -> LinkID {
        let link = rig.accept(peer: peer)
        rig.advance(by: quiet)
        rig.end(link, reason)
        rig.advance(by: back)
        return link
    }

    private func idle(_ rig: Rig, _ link: LinkID) -> Duration? {
        rig.options.last { $0.link == link }?.options.keepalive?.idle
    }

    @Test(
        "links that fall silent twice alike get their probes sooner, by halves, down to the bound, and the log says why"
    )
    func translator() throws {
        let rig = try rig()
        var idles: [Duration?] = []
        for _ in 0..<6 { idles.append(idle(rig, cycle(rig, quiet: .milliseconds(15_100), .timedOut))) }
        #expect(idles == [.seconds(5), .seconds(5), .seconds(2), .seconds(1), .seconds(1), .seconds(1)])
        #expect(rig.notes.first?.contains("a translator or a firewall on the path forgets idle connections") == true)
        #expect(rig.notes.first?.contains("after 2.0 s from now on; 'liveness.layered.kernel.idle'") == true)
        #expect(rig.notes.last?.contains("lower 'liveness.layered.adapt_down_to'") == true)
        // Another peer's path is another one.
        #expect(idle(rig, rig.accept(peer: 2)) == .seconds(5))
    }

    @Test("links that are closed twice after the same time without a message are asked for an echo in half of it")
    func proxy() throws {
        let rig = try rig()
        for _ in 0..<2 { cycle(rig, quiet: .seconds(25), .endOfStream) }
        #expect(rig.pings.isEmpty)
        let begin = rig.now
        rig.answersAfter = .milliseconds(10)
        let link = rig.accept()
        rig.advance(by: .seconds(26))
        #expect(rig.pings.map { $0.at - begin } == [.milliseconds(12_500), .milliseconds(25_010)])
        #expect(idle(rig, link) == .seconds(5))
        #expect(rig.notes.first?.contains("a proxy or a load balancer on the path ends idle connections") == true)
    }

    @Test("announced work leaves a path's pace as it was found")
    func patience() throws {
        let rig = try rig()
        for _ in 0..<2 { cycle(rig, quiet: .seconds(15), .timedOut) }
        let link = rig.accept()
        rig.receive(.busy(milliseconds: 5000), over: link)
        #expect(idle(rig, link) == .seconds(2))
        rig.receive(.busy(milliseconds: 0), over: link)
        #expect(idle(rig, link) == .seconds(2))
    }

    @Test("what is no pattern changes nothing")
    func noPattern() throws {
        let cases: [(String, (Rig) -> Void)] = [
            ("other times", { rig in for quiet in [8, 14, 25] { cycle(rig, quiet: .seconds(quiet), .endOfStream) } }),
            ("other ways", { rig in for way in [Reason.timedOut, .reset] { cycle(rig, quiet: .seconds(15), way) } }),
            (
                "a peer that was away",
                { rig in
                    for _ in 0..<3 { cycle(rig, quiet: .seconds(15), .timedOut, back: .seconds(61)) }
                }
            ),
            ("a goodbye", { rig in for _ in 0..<3 { cycle(rig, quiet: .seconds(15), .shutdown) } }),
            ("a busy link", { rig in for _ in 0..<3 { cycle(rig, quiet: .seconds(1), .timedOut) } }),
            ("hours apart", { rig in for _ in 0..<3 { cycle(rig, quiet: .seconds(3700), .timedOut) } }),
            (
                "a goodbye in between",
                { rig in
                    for way in [Reason.timedOut, .superseded, .timedOut] { cycle(rig, quiet: .seconds(15), way) }
                }
            ),
        ]
        for (what, happen) in cases {
            let rig = try rig()
            rig.answersAfter = .milliseconds(10)
            happen(rig)
            let link = rig.accept()
            #expect(idle(rig, link) == .seconds(5), "\(what)")
            #expect(!rig.notes.contains { $0.contains("come back") }, "\(what)")
        }
    }

    @Test("with 'adapt_down_to' unset nothing adapts")
    func never() throws {
        let rig = try rig { $0.setting("adapt_down_to", to: .none) }
        for _ in 0..<4 { cycle(rig, quiet: .seconds(15), .timedOut) }
        #expect(idle(rig, rig.accept()) == .seconds(5))
    }

    @Test("other options are a new beginning")
    func reloaded() throws {
        let rig = try rig()
        for _ in 0..<2 { cycle(rig, quiet: .seconds(15), .timedOut) }
        let link = rig.accept()
        #expect(idle(rig, link) == .seconds(2))
        try rig.reload(Layered(options: LayeredOptions(try Options.defaults(of: LayeredOptions.spec))))
        #expect(idle(rig, link) == .seconds(5))
    }
}

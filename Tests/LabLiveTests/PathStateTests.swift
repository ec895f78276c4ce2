import Kernel
import Lab
import LabLive
import Testing

@Suite("What the router between namespaces is told") struct PathStateTests {
    private let addresses = ["198.18.0.1", "198.18.0.2", "198.18.0.3"]

    private func script(_ changes: [WorldChange]) -> String {
        var state = PathState()
        for change in changes { _ = state.apply(change) }
        return state.script(addresses: addresses)
    }

    @Test("faults become rules that drop before any route is looked for")
    func rules() {
        let script = script([.block(from: 0, to: 1), .closeInbound(2), .powerOff(1)])
        #expect(
            script == """
                add table ip lab
                delete table ip lab
                table ip lab {
                 chain cut {
                  type filter hook prerouting priority -300; policy accept;
                  ip saddr 198.18.0.2 drop
                  ip daddr 198.18.0.2 drop
                  ip saddr 198.18.0.1 ip daddr 198.18.0.2 drop
                  ip daddr 198.18.0.3 tcp flags & (syn | ack) == syn drop
                 }
                }

                """
        )
    }

    @Test("what is over leaves no rule, and what is no business of the network changes none")
    func undoing() {
        var state = PathState()
        let pairs: [(WorldChange, WorldChange)] = [
            (.block(from: 0, to: 1), .unblock(from: 0, to: 1)), (.closeInbound(1), .openInbound(1)),
            (.powerOff(2), .powerOn(2)), (.translate(0, idle: .seconds(5)), .endTranslation(0)),
        ]
        for (strike, heal) in pairs {
            let changes = [state.apply(strike), state.apply(strike), state.apply(heal)]
            #expect(changes == [true, false, true])
        }
        #expect(state == PathState())
        for change in [WorldChange.stall(0, staysHealthy: false), .resume(0), .kill(1), .start(1)] {
            let changed = state.apply(change)
            #expect(!changed)
        }
    }

    @Test("a translated host reaches others and is reached by nobody; the shortest memory of a mapping counts")
    func translation() {
        var state = PathState()
        _ = state.apply(.translate(0, idle: .seconds(60)))
        _ = state.apply(.translate(1, idle: .seconds(5)))
        let script = state.script(addresses: addresses)
        #expect(script.contains("ip saddr 198.18.0.1 masquerade"))
        #expect(script.contains("ip daddr 198.18.0.2 ct state established,related accept\n  ip daddr 198.18.0.2 drop"))
        #expect(!script.contains("198.18.0.3"))
        #expect(state.translationIdle == 5)
    }
}

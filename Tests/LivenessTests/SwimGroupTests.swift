import Kernel
import Profile
import Testing
import Wire

@testable import Liveness

/// Whole groups: what members find out about each other.
@Suite("swim, in groups") struct SwimGroupTests {
    private func options(_ change: (Options) -> Options = { $0 }) throws -> SwimOptions {
        SwimOptions(change(try Options.defaults(of: SwimOptions.spec)))
    }

    @Test("in a healthy group nobody is suspected, and each member sends one probe a second whatever the size")
    func healthy() throws {
        for size in [2, 5, 12] {
            let group = SwimGroup(size, options: try options())
            group.advance(.seconds(600))
            #expect(group.deaths.isEmpty)
            #expect(group.notes.isEmpty)
            let probes = group.sent.filter { $0.message.kind == .probe }
            #expect(abs(probes.count - 600 * size) <= size)
            #expect(group.sent.count == 2 * probes.count || group.sent.count == 2 * probes.count - 1)
            #expect(group.sent.allSatisfy { $0.message.claims.isEmpty })
        }
    }

    @Test("each member probes all others in turn: between two probes of one lie at most two rounds")
    func rounds() throws {
        let group = SwimGroup(6, options: try options())
        group.advance(.seconds(300))
        for from in 0..<6 {
            for to in 0..<6 where to != from {
                let times = group.sent.filter { $0.from == from && $0.to == to && $0.message.kind == .probe }.map(\.at)
                let longest = zip(times, times.dropFirst()).map { $1 - $0 }.max() ?? .zero
                // 2n - 1 periods for the n others (Das et al., section 4.3).
                #expect(longest <= .seconds(2 * 5 - 1))
            }
        }
    }

    @Test(
        "a silent member is cut by everybody, soon after the shortest suspicion, and nobody else is", arguments: [5, 8])
    func silent(size: Int) throws {
        let group = SwimGroup(size, options: try options())
        group.advance(.seconds(60))
        group.isBlocked = { $0 == 0 || $1 == 0 }
        let died = group.now
        group.advance(.seconds(40))
        let verdicts = group.deaths.filter { $0.victim == 0 }
        #expect(verdicts.map(\.witness).sorted() == Array(1..<size))
        #expect(group.deaths.allSatisfy { $0.victim == 0 || $0.witness == 0 })
        for verdict in verdicts {
            #expect(verdict.at - died >= .seconds(4))
            #expect(verdict.at - died <= .seconds(16))
        }
    }

    @Test("a member that stands still for less than the shortest suspicion is suspected, speaks up and is kept")
    func refuted() throws {
        let group = SwimGroup(6, options: try options())
        group.advance(.seconds(60))
        group.stall(0)
        group.advance(.milliseconds(3900))
        group.resume(0)
        group.advance(.seconds(60))
        #expect(group.deaths.isEmpty)
        #expect(group.notes.contains { $0.contains("the peer is suspected") })
        #expect(group.notes.contains { $0.contains("has spoken up") })
        let word = group.sent.filter { $0.from == 0 }.flatMap(\.message.claims).first { $0.subject == Rig.identity(0) }
        #expect(word?.status == .alive)
        #expect((word?.incarnation ?? 0) > 0)
    }

    @Test("one broken link among healthy members: nobody is suspected, and the link is cut after five misses")
    func brokenLink() throws {
        let group = SwimGroup(5, options: try options())
        group.advance(.seconds(60))
        group.isBlocked = { ($0, $1) == (0, 1) || ($0, $1) == (1, 0) }
        let broke = group.now
        group.advance(.seconds(60))
        #expect(!group.notes.contains { $0.contains("suspected") })
        #expect(group.deaths.map { [$0.witness, $0.victim] }.sorted { $0[0] < $1[0] } == [[0, 1], [1, 0]])
        for death in group.deaths {
            // A probe of the other end every four periods on average.
            #expect(death.at - broke >= .seconds(13))
            #expect(death.at - broke <= .seconds(30))
        }
    }

    @Test("link_misses unset: as in the paper, what others can reach is alive")
    func brokenLinkInThePaper() throws {
        let group = SwimGroup(5, options: try options { $0.setting("link_misses", to: .none) })
        group.isBlocked = { ($0, $1) == (0, 1) || ($0, $1) == (1, 0) }
        group.advance(.seconds(600))
        #expect(group.deaths.isEmpty)
    }

    @Test("a member that hears nobody blames itself first: its probes become eight times rarer")
    func awareness() throws {
        let group = SwimGroup(6, options: try options { $0.setting("suspicion_multiplier", to: .integer(100)) })
        group.advance(.seconds(30))
        group.isBlocked = { $1 == 0 }
        group.advance(.seconds(60))
        let since = group.now
        group.advance(.seconds(80))
        let probes = group.sent.filter { $0.from == 0 && $0.at > since && $0.message.kind == .probe }
        #expect(probes.count <= 11)
        #expect(probes.count >= 9)
    }

    @Test("plain SWIM cuts healthy members of a group with a sick one, where Lifeguard cuts fewer")
    func lifeguard() throws {
        func falseCuts(_ change: (Options) -> Options) throws -> Int {
            let group = SwimGroup(10, options: try options(change))
            group.advance(.seconds(10))
            // One member runs a second in eight: a starved machine.
            for _ in 0..<120 {
                group.stall(0)
                group.advance(.seconds(7))
                group.resume(0)
                group.advance(.seconds(1))
            }
            return group.deaths.count { $0.victim != 0 }
        }
        let plain = try falseCuts {
            $0.setting("awareness", to: .integer(1)).setting("suspicion_maximum", to: .integer(1))
                .setting("nack", to: .boolean(false)).setting("buddy", to: .boolean(false))
        }
        let lifeguard = try falseCuts { $0 }
        #expect(lifeguard <= plain)
    }

    @Test("no message is longer than the channel takes, whatever goes round")
    func bounded() throws {
        let group = SwimGroup(12, options: try options { $0.setting("claims", to: .integer(8)) })
        for victim in 0..<6 {
            group.stall(victim)
            group.advance(.milliseconds(2500))
        }
        for victim in 0..<6 { group.resume(victim) }
        group.advance(.seconds(60))
        #expect(group.sent.contains { $0.message.claims.count > 2 })
        for sent in group.sent {
            #expect(sent.message.claims.count <= 8)
            #expect(Message(sent.message).isEncodable)
        }
    }
}

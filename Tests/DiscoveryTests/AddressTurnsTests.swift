import Foundation
import Kernel
import Testing
import Wire

@testable import Discovery

@Suite("Whose turn it is among the addresses of a peer") struct AddressTurnsTests {
    private let peer = Rig.identity(1)
    private let three = (1...3).map { Rig.endpoint($0) }

    private func at(_ milliseconds: Int64) -> Instant { .zero + .milliseconds(milliseconds) }

    @Test("the first miss moves the turn at once, the next ones no sooner than two seconds after the last move")
    func pace() {
        var turns = AddressTurns()
        #expect(turns.choice(for: peer, among: three) == three[0])
        let first = turns.missed(peer, at: three[0], among: three, now: at(0))
        #expect(first == .moved && turns.choice(for: peer, among: three) == three[1])
        let early = turns.missed(peer, at: three[1], among: three, now: at(10))
        #expect(early == .waits && turns.choice(for: peer, among: three) == three[1])
        #expect(turns.nextDue == at(2000))
        let tooEarly = turns.moveDue(now: at(1999))
        #expect(!tooEarly)
        let due = turns.moveDue(now: at(2000))
        #expect(due && turns.choice(for: peer, among: three) == three[2] && turns.nextDue == nil)
        let late = turns.missed(peer, at: three[2], among: three, now: at(4000))
        #expect(late == .moved && turns.choice(for: peer, among: three) == three[0])
    }

    @Test("a miss at an address whose turn it is not, or at the only one, changes nothing")
    func others() {
        var turns = AddressTurns()
        let other = turns.missed(peer, at: three[1], among: three, now: at(0))
        let only = turns.missed(peer, at: three[0], among: [three[0]], now: at(0))
        #expect(other == nil && only == nil)
        #expect(turns.choice(for: peer, among: []) == nil)
    }

    @Test("new addresses begin anew, and are no way round the pace")
    func anew() {
        var turns = AddressTurns()
        _ = turns.missed(peer, at: three[0], among: three, now: at(0))
        turns.begin(anew: peer)
        #expect(turns.choice(for: peer, among: three) == three[0])
        let step = turns.missed(peer, at: three[0], among: three, now: at(1))
        #expect(step == .waits)
    }

    @Test("who is of no interest any more is forgotten, and the rest survives JSON")
    func forgotten() throws {
        var turns = AddressTurns()
        for number in 1...5 {
            _ = turns.missed(Rig.identity(number), at: three[0], among: three, now: at(0))
        }
        turns.keep { $0 == peer }
        #expect(turns.choice(for: peer, among: three) == three[1])
        #expect(turns.choice(for: Rig.identity(2), among: three) == three[0])
        let copy = try JSONDecoder().decode(AddressTurns.self, from: JSONEncoder().encode(turns))
        #expect(copy.choice(for: peer, among: three) == three[1])
    }
}

import Kernel
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: two processes with one key")
struct TwinTests {
    let network = TestNetwork(3)

    private func rig(startsAt start: Duration = .seconds(-1)) -> Rig {
        let rig = Rig(0, of: network, wallAfterGenesis: start)
        rig.start()
        rig.link(to: 1)
        return rig
    }

    /// Shows each of the two the blocks that the other one signed, as their peers do.
    private func exchange(_ one: Rig, _ other: Rig, _ seen: inout [Block]) {
        for (from, to) in [(one, other), (other, one)] {
            for block in from.takeSent(to: 1).compactMap(\.block) where !seen.contains(block) {
                seen.append(block)
                to.receive(.block(block), from: 1)
            }
        }
    }

    @Test("the younger of two stops when it sees the other's block, says so, and stays silent while the other signs")
    func younger() {
        let older = rig()
        older.advance(toSlot: 9)
        let younger = rig(startsAt: .seconds(95))
        // The blocks of the two would be the same one, were they made in the same millisecond.
        younger.lateness = .milliseconds(3)
        var seen: [Block] = []
        for slot in UInt64(10)..<100 {
            for twin in [older, younger] {
                twin.advance(toSlot: slot)
                twin.advance(by: .milliseconds(100))
            }
            exchange(older, younger, &seen)
        }
        #expect(younger.producedSlots == [12])
        #expect(older.producedSlots == stride(from: 0, to: 100, by: 3).map(UInt64.init))
        #expect(younger.errorNotes.contains { $0.contains("another process") && $0.contains("makes no blocks") })
        #expect(older.errorNotes.contains { $0.contains("goes on") })
        #expect(younger.skips.last == .identityInUse)
        #expect(younger.status.waitingFor == .identity)
    }

    @Test("of two that start together one goes on and the other stays silent")
    func together() {
        let twins = [rig(), rig()]
        twins[1].lateness = .milliseconds(3)
        var seen: [Block] = []
        for slot in UInt64(0)..<200 {
            for twin in twins {
                twin.advance(toSlot: slot)
                twin.advance(by: .milliseconds(100))
            }
            exchange(twins[0], twins[1], &seen)
        }
        let late = twins.map { $0.producedSlots.count { $0 >= 100 } }.sorted()
        #expect(late[0] == 0 && late[1] > 25)
        let slots = twins.flatMap(\.producedSlots)
        #expect(slots.count - Set(slots).count == 1)
    }

    @Test("when the other one is silent for long, the one that stopped signs again")
    func otherDies() {
        let rig = rig(startsAt: .seconds(95))
        rig.advance(toSlot: 12)
        rig.receive(.block(network.block(slot: 12, payload: [9])), from: 1)
        rig.advance(toSlot: 200)
        #expect(rig.producedSlots.first == 12)
        #expect(rig.skips.contains(.identityInUse))
        #expect(rig.producedSlots.suffix(5) == [186, 189, 192, 195, 198])
    }

    @Test("blocks that a process before this one signed are no sign of a twin")
    func restarted() {
        let before = rig()
        before.advance(toSlot: 9)
        let rig = rig(startsAt: .seconds(95))
        for block in before.storedChain { rig.receive(.block(block), from: 1) }
        rig.advance(toSlot: 12)
        #expect(rig.producedSlots == [12] && rig.errorNotes.isEmpty)
    }

    @Test("no second block is signed for a slot whose block another process showed first")
    func shownFirst() {
        let rig = rig(startsAt: .seconds(95))
        rig.clockError = .milliseconds(-500)
        rig.advance(toSlot: 12)
        rig.receive(.block(network.block(slot: 12)), from: 1)
        rig.advance(by: .seconds(5))
        #expect(rig.producedSlots.isEmpty && rig.equivocations.isEmpty)
    }

    @Test("what the links module finds counts at once, and no longer when it is over")
    func byLinks() throws {
        let rig = rig()
        rig.advance(toSlot: 3)
        rig.conflict(IdentityConflict(isYounger: true, endpoint: TestNetwork.endpoint(7)))
        rig.advance(toSlot: 9)
        #expect(rig.producedSlots == [0, 3])
        #expect(rig.skips == [.identityInUse, .identityInUse])
        #expect(rig.status.waitingFor == .identity)
        let note = try #require(rig.errorNotes.first)
        #expect(note.contains(TestNetwork.endpoint(7).description))
        rig.conflict(nil)
        rig.advance(toSlot: 12)
        #expect(rig.producedSlots == [0, 3, 12])
        rig.conflict(IdentityConflict(isYounger: false, endpoint: nil))
        rig.advance(toSlot: 15)
        #expect(rig.producedSlots.last == 15)
    }
}

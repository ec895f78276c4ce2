import Kernel
import Testing
import Wire

@testable import Discovery

@Suite("discovery peer-fill")
struct PeerFillTests {
    private func rig(slots: Int = 50, bootstrap: [Int]) -> Rig {
        Rig(PeerFill(options: .init(slots: slots)), masternodes: 3, bootstrap: bootstrap.map { Rig.endpoint($0) })
    }

    @Test("bootstrap addresses are wanted, without masternodes, ourselves and repetitions")
    func start() {
        let rig = rig(bootstrap: [9, 1, 0, 7, 9, 2, 8])
        rig.start()
        #expect(rig.calls.map(\.pass) == [.start])
        #expect(
            rig.calls.first?.wishes
                == [9, 7, 8].map { Wish(identity: nil, endpoint: Rig.endpoint($0), isMasternode: false) }
        )
    }

    @Test("bootstrap addresses are wanted however many peers have dialled us")
    func fullSlots() {
        let rig = rig(slots: 3, bootstrap: [7, 8, 9])
        rig.start()
        for peer in [1, 2, 20, 21] { rig.accept(from: peer) }
        rig.advance(by: .seconds(120))
        #expect(rig.calls.map(\.pass) == [.start, .periodic])
        for call in rig.calls { #expect(call.wishes.map(\.endpoint) == [7, 8, 9].map { Rig.endpoint($0) }) }
    }

    @Test("an address that we have a link to stays wanted")
    func staysWanted() {
        let rig = rig(slots: 2, bootstrap: [7, 8, 9])
        rig.start()
        rig.connect(8)
        rig.advance(by: .seconds(120))
        rig.accept(from: 1)
        rig.advance(by: .seconds(120))
        #expect(rig.calls.count == 3)
        for call in rig.calls { #expect(call.wishes.map(\.endpoint) == [7, 8, 9].map { Rig.endpoint($0) }) }
    }
}

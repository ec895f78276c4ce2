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

    @Test("connected peers take slots away from new ones")
    func fullSlots() {
        let rig = rig(slots: 3, bootstrap: [7, 8, 9])
        rig.start()
        #expect(rig.calls.last?.wishes.count == 3)
        rig.accept(from: 1)
        rig.accept(from: 2)
        rig.advance(by: .seconds(120))
        #expect(rig.calls.last?.pass == .periodic)
        #expect(rig.calls.last?.wishes.map(\.endpoint) == [Rig.endpoint(7)])
        rig.accept(from: 20)
        rig.accept(from: 21)
        rig.advance(by: .seconds(120))
        #expect(rig.calls.last?.wishes == [])
    }

    @Test("an address that we have a link to stays wanted")
    func staysWanted() {
        let rig = rig(slots: 2, bootstrap: [7, 8, 9])
        rig.start()
        #expect(rig.calls.last?.wishes.map(\.endpoint) == [Rig.endpoint(7), Rig.endpoint(8)])
        rig.connect(8)
        rig.advance(by: .seconds(120))
        #expect(rig.calls.last?.wishes.map(\.endpoint) == [Rig.endpoint(7), Rig.endpoint(8)])
        rig.accept(from: 1)
        rig.advance(by: .seconds(120))
        #expect(rig.calls.last?.wishes.map(\.endpoint) == [Rig.endpoint(8)])
    }
}

import Kernel
import Profile
import Testing
import Wire

@testable import Discovery

@Suite("discovery masternode-priority")
struct MasternodePriorityTests {
    @Test("at the start every masternode but ourselves is wanted, in the order of the network")
    func start() throws {
        let rig = Rig(MasternodePriority(options: .init()), masternodes: 6)
        rig.start()
        let call = try #require(rig.calls.first)
        #expect(rig.calls.count == 1 && call.pass == .start && call.source == 3)
        #expect(
            call.wishes
                == (1..<6).map {
                    Wish(identity: Rig.identity($0), endpoint: Rig.endpoint($0), isMasternode: true)
                }
        )
    }

    @Test("no more are wanted than slots are reserved")
    func reserved() {
        let rig = Rig(MasternodePriority(options: .init(reservedSlots: 2)), masternodes: 6)
        rig.start()
        #expect(rig.calls.first?.wishes.compactMap(\.identity) == [Rig.identity(1), Rig.identity(2)])
    }

    @Test("unless told otherwise, each of a hundred masternodes is wanted")
    func all() throws {
        let rig = Rig(
            MasternodePriority(options: try .init(Options.defaults(of: MasternodePriorityOptions.spec))),
            masternodes: 100)
        rig.start()
        #expect(rig.calls.first?.wishes.count == 99)
    }

    @Test(
        "fewer slots than there are other masternodes are told of before a node starts",
        arguments: [(0, nil), (5, nil), (9, nil), (2, "3 of them are never dialled from here")])
    func tooFew(slots: Int, words: String?) throws {
        let options = try Options.defaults(of: MasternodePriorityOptions.spec)
            .setting("reserved_slots", to: .integer(slots))
        let misfits = MasternodePriority.descriptor.misfits(options, Rig.network(of: 6))
        #expect(misfits.map(\.severity) == (words == nil ? [] : [.warning]))
        #expect(misfits.allSatisfy { $0.message.hasSuffix(words ?? "") })
    }

    @Test("every interval the same are wanted again, and the peer check is observed")
    func periodic() {
        let rig = Rig(MasternodePriority(options: .init(interval: .seconds(60))), masternodes: 3)
        rig.start()
        rig.accept(from: 1)
        rig.accept(from: 1)
        rig.advance(by: .milliseconds(59_999))
        #expect(rig.calls.count == 1)
        #expect(!rig.events.contains { if case .peerCheck = $0 { true } else { false } })
        rig.advance(by: .milliseconds(1))
        #expect(rig.calls.map(\.pass) == [.start, .periodic])
        #expect(rig.calls[0].wishes == rig.calls[1].wishes)
        #expect(rig.events.contains(.peerCheck(connected: 1, masternodes: 3, slots: 3)))
        rig.advance(by: .seconds(600))
        #expect(rig.calls.count == 12)
    }

    @Test("start_pass: active-only wants nobody at the start and everybody an interval later")
    func blindStart() {
        let rig = Rig(MasternodePriority(options: .init(startPass: .activeOnly)), masternodes: 6)
        rig.start()
        #expect(rig.calls.map(\.wishes.count) == [0])
        rig.advance(by: .seconds(120))
        #expect(rig.calls.map(\.wishes.count) == [0, 5])
    }

    @Test("hold puts the pass at the start off, and the periodic ones behind it")
    func hold() {
        let rig = Rig(MasternodePriority(options: .init(hold: .seconds(600))), masternodes: 6)
        rig.start()
        rig.advance(by: .milliseconds(599_999))
        #expect(rig.calls.isEmpty)
        rig.advance(by: .milliseconds(1))
        #expect(rig.calls.map(\.pass) == [.start])
        rig.advance(by: .seconds(120))
        #expect(rig.calls.map(\.pass) == [.start, .periodic])
    }

    @Test("periodic_pass: when-alone wants nobody again while one peer is linked, and everybody once none is")
    func whenAlone() throws {
        let rig = Rig(MasternodePriority(options: .init(periodicPass: .whenAlone)), masternodes: 6)
        rig.start()
        rig.accept(from: 1)
        rig.advance(by: .seconds(600))
        #expect(rig.calls.map(\.pass) == [.start])
        let alone = Rig(MasternodePriority(options: .init(periodicPass: .whenAlone)), masternodes: 6)
        alone.start()
        alone.advance(by: .seconds(240))
        #expect(alone.calls.map(\.pass) == [.start, .periodic, .periodic])
    }

    @Test("a network without masternodes leads to an empty list")
    func none() {
        let rig = Rig(MasternodePriority(options: .init()), masternodes: 0)
        rig.start()
        #expect(rig.calls.map(\.wishes) == [[]])
    }

    @Test("the profile's defaults are the modules'")
    func defaults() throws {
        let spec = MasternodePriority.descriptor.spec
        #expect(try MasternodePriorityOptions(.defaults(of: spec.options)) == .init())
        #expect(try PeerFillOptions(.defaults(of: PeerFill.descriptor.spec.options)) == .init())
        #expect(DiscoveryTimer(code: DiscoveryTimer.pass.code) == .pass)
    }
}

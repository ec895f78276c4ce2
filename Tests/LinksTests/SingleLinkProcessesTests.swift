import Kernel
import Profile
import Testing
import Wire

@testable import Links

/// A machine was copied: two processes run with one key.
struct SingleLinkProcessesTests {
    private func rig() throws -> Rig {
        let rig = Rig(
            try Fixture.singleLink {
                $0.setting("handshake", to: .string("signed")).setting("direction", to: .string("none"))
            }
        )
        rig.start()
        rig.advance(by: .seconds(100))
        return rig
    }

    private let original = SignedPeer(number: 1, comesFrom: 1, incarnation: 5, process: (100, 1000))
    private let copy = SignedPeer(number: 1, comesFrom: 7, incarnation: 6, process: (200, 1000))

    private func told(_ rig: Rig, over link: LinkID) -> [OtherProcess] {
        rig.sent(over: link).compactMap { if case .otherProcess(let other) = $0 { other } else { nil } }
    }

    private func pairs(_ rig: Rig) -> [(kept: Endpoint, refused: Endpoint)] {
        rig.events.compactMap {
            if case .twoProcesses(_, let kept, let refused) = $0 { (kept, refused) } else { nil }
        }
    }

    private func again(_ peer: SignedPeer) -> SignedPeer {
        var peer = peer
        peer.dialSequence += 1
        return peer
    }

    @Test("before a link is up it may tell of one other process, and of none before it has said who it is")
    func toldTooOften() throws {
        let statement = ProcessStatement(started: 1, said: 2, signature: .none)
        let other = OtherProcess(incarnation: 9, statement: statement, endpoint: Fixture.endpoint(9))
        let rig = try rig()
        let silent = rig.accept(from: 2)
        rig.receive(.otherProcess(other), over: silent)
        #expect(rig.endReason(of: silent) == .unexpectedMessage)
        let greeting = rig.accept(from: 3)
        rig.receive(.hello(Fixture.hello(from: 3)), over: greeting)
        rig.receive(.otherProcess(other), over: greeting)
        #expect(!rig.isClosed(greeting))
        rig.receive(.otherProcess(other), over: greeting)
        #expect(rig.endReason(of: greeting) == .unexpectedMessage)
    }

    // MARK: At their peers

    @Test("a peer keeps the link of the process that started first, tells both of each other, and shows both addresses")
    func firstKeeps() throws {
        let rig = try rig()
        let first = try #require(original.dial(rig))
        // Like a restart: the peer cannot know better.
        let second = try #require(copy.dial(rig))
        #expect(rig.endReason(of: first) == .superseded)
        let third = try #require(again(original).dial(rig))
        #expect(rig.endReason(of: second) == .identityInUse)
        #expect(rig.sent(over: second).last == .goodbye(.identityInUse))
        #expect(told(rig, over: second).map(\.incarnation) == [5])
        #expect(told(rig, over: third).map(\.incarnation) == [6])
        #expect(pairs(rig).map(\.kept) == [Fixture.source(of: 1)])
        #expect(pairs(rig).map(\.refused) == [Fixture.source(of: 7)])

        // The copy comes again and again, is refused, and told each time by whom.
        #expect(again(copy).dial(rig) == nil)
        #expect(rig.isUp(third))
        #expect(pairs(rig).count == 1)
        rig.advance(by: .seconds(31))
        #expect(again(again(copy)).dial(rig) == nil)
        #expect(pairs(rig).count == 2)
        #expect(told(rig, over: third).map(\.incarnation) == [6, 6])
    }

    @Test("the process that started later is refused also where it was known first")
    func orderIsCarried() throws {
        let rig = try rig()
        _ = copy.dial(rig)
        let second = try #require(original.dial(rig))
        #expect(again(copy).dial(rig) == nil)
        #expect(rig.isUp(second))
    }

    @Test("the original is let in again once the standby that had taken its place has lost its link")
    func failback() throws {
        let rig = try rig()
        _ = original.dial(rig)
        let standby = try #require(copy.dial(rig))
        rig.feed(.ended(standby, .failed(.timedOut)))
        #expect(again(original).dial(rig) != nil)
        #expect(pairs(rig).isEmpty)
    }

    @Test(
        "the process that is kept says anew that it runs when it hears of the other one, and that is what the other is told"
    )
    func renewed() throws {
        let rig = try rig()
        _ = copy.dial(rig)
        let kept = try #require(original.dial(rig))
        var later = original
        later.process?.said = 9000
        let statement = try #require(later.statement)
        rig.receive(
            .otherProcess(OtherProcess(incarnation: 5, statement: statement, endpoint: Fixture.endpoint(1))), over: kept
        )
        var again = again(copy)
        let refused = rig.accept(from: 7)
        var hello = Fixture.hello(from: 1, incarnation: 6, dial: 3)
        again.process?.said = 9500
        hello.process = again.statement
        rig.receive(.hello(hello), over: refused)
        #expect(told(rig, over: refused).map(\.statement) == [statement])
    }

    @Test("what a peer has seen of a process that comes back is known again")
    func endedSequence() throws {
        let rig = try rig()
        var first = original
        first.dialSequence = 9
        let link = try #require(first.dial(rig))
        rig.feed(.ended(link, .endOfStream))
        let other = try #require(copy.dial(rig))
        rig.feed(.ended(other, .endOfStream))
        _ = again(first).dial(rig)
        let place = try #require((rig.node.linksPolicy as? SingleLink)?.state.peers.first { $0.up != nil })
        #expect(place.endedSequence == 9)
        #expect(place.formerProcesses.map(\.process.incarnation) == [6])
    }

    // MARK: In one of the two

    /// The node of the rig hears of another process with its key.
    private func hear(_ rig: Rig, started: Int64, said: Int64, incarnation: UInt64 = 77, forge: Bool = false) throws {
        let twin = SignedPeer(number: 0, incarnation: incarnation, process: (started, said))
        var statement = try #require(twin.statement)
        if forge { statement.started -= 1 }
        let link = rig.accept(from: 3)
        rig.receive(.hello(Fixture.hello(from: 3)), over: link)
        rig.receive(
            .otherProcess(
                OtherProcess(incarnation: incarnation, statement: statement, endpoint: Fixture.endpoint(7))),
            over: link)
        rig.answerChecks()
    }

    private func conflicts(_ rig: Rig) -> [IdentityConflict?] {
        rig.events.compactMap {
            if case .identityConflict(let conflict) = $0 { Optional.some(conflict) } else { nil }
        }
    }

    private func notes(_ rig: Rig) -> [String] {
        rig.events.compactMap { if case .note(.info, let text) = $0, text.hasPrefix("told") { text } else { nil } }
    }

    @Test(
        "the younger process tells its modules and the outside, with the address of the older one", arguments: [-5, 5])
    func younger(started: Int64) throws {
        let rig = try rig()
        try hear(rig, started: started, said: 50_000)
        let conflict = try #require(conflicts(rig).first ?? nil)
        #expect(conflict.isYounger == (started < 0))
        #expect(conflict.endpoint == Fixture.endpoint(7))
        #expect(notes(rig) == [started < 0 ? "told: younger" : "told: older"])
    }

    @Test("what nobody with the key has signed, or was said before this process began, is not believed")
    func notBelieved() throws {
        let rig = try rig()
        try hear(rig, started: -5, said: 50_000, forge: true)
        try hear(rig, started: -5, said: 0)
        try hear(rig, started: -5, said: 50_000, incarnation: rig.node.incarnation)
        #expect(conflicts(rig).isEmpty)
    }

    @Test(
        "it is over when nothing was heard of the other process for five minutes, an old word heard again is nothing new"
    )
    func over() throws {
        let rig = try rig()
        try hear(rig, started: -5, said: 50_000)
        rig.advance(by: .seconds(200))
        try hear(rig, started: -5, said: 250_000)
        rig.advance(by: .seconds(200))
        try hear(rig, started: -5, said: 250_000)
        #expect(conflicts(rig).count == 1)
        rig.advance(by: .seconds(101))
        #expect(conflicts(rig).map { $0 == nil } == [false, true])
        #expect(notes(rig) == ["told: younger", "told: over"])
    }

    @Test("the older process answers a linked peer that tells it of the younger one, once for each new word")
    func answers() throws {
        let rig = try rig()
        let peer = try #require(SignedPeer(number: 2).dial(rig))
        let twin = SignedPeer(number: 0, incarnation: 77, process: (5, 50_000))
        for _ in 0..<2 {
            rig.receive(
                .otherProcess(
                    OtherProcess(
                        incarnation: 77, statement: try #require(twin.statement), endpoint: Fixture.endpoint(7))),
                over: peer)
            rig.answerChecks()
        }
        #expect(told(rig, over: peer).map(\.incarnation) == [rig.node.incarnation])
    }

    @Test("a clock that was ahead when this process began does not hide the other one")
    func clockAhead() throws {
        let rig = try rig()
        // By its own clock this process began at 0; by its peers' clocks 60 s before that.
        _ = try #require(SignedPeer(number: 2, wall: 40_000).dial(rig))
        try hear(rig, started: -90_000, said: -30_000)
        #expect(conflicts(rig).map { $0?.isYounger } == [true])
    }

    @Test("of three processes the oldest one decides")
    func three() throws {
        let rig = try rig()
        try hear(rig, started: -5, said: 50_000)
        try hear(rig, started: 5, said: 60_000, incarnation: 78)
        #expect(conflicts(rig).map { $0?.isYounger } == [true])
    }

    @Test("a caller with the node's own key is refused as such, told of the node, and believed by what it says")
    func ownKey() throws {
        let rig = try rig()
        let link = rig.accept(from: 7)
        var hello = Fixture.hello(from: 0, incarnation: 77)
        hello.process = SignedPeer(number: 0, incarnation: 77, process: (-5, 50_000)).statement
        rig.receive(.hello(hello), over: link)
        rig.answerChecks()
        #expect(rig.endReason(of: link) == .identityInUse)
        #expect(told(rig, over: link).map(\.incarnation) == [rig.node.incarnation])
        #expect(conflicts(rig).map { $0?.isYounger } == [true])
    }

    @Test("a node signs no more than one statement in ten seconds, however many call")
    func statements() throws {
        let rig = try rig()
        var statements: [ProcessStatement] = []
        for number in 10..<40 {
            let link = rig.accept(from: number)
            rig.receive(.hello(Fixture.hello(from: number)), over: link)
            guard case .helloAck(let ack)? = rig.sent(over: link).last, let statement = ack.process else { continue }
            statements.append(statement)
            rig.advance(by: .milliseconds(500))
        }
        #expect(statements.count == 30)
        #expect(Set(statements).count == 2)
    }
}

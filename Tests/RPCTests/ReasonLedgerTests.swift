import Foundation
import Testing
import Wire

@testable import Kernel

@Suite("Every reason is counted, and /peers says which end decided") struct ReasonLedgerTests {
    typealias Fixture = StatusFixture

    /// A node of three links policies' worth: it does what it is told to the one link it has.
    private struct OneLink: LinksPolicy {
        var state = NoState()

        mutating func wanted(_ w: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {}
        mutating func dialled(_ link: Link, _ context: inout Context) {}
        mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {}

        mutating func accepted(_ link: Link, _ context: inout Context) {
            context.markUp(link.id, peer: Fixture.friend)
        }

        mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
            context.close(link.id, end.reason, by: end == .endOfStream ? .peer : .transport)
        }

        mutating func dead(_ link: Link, _ reason: Reason, _ context: inout Context) {
            context.send(.goodbye(reason), over: link.id)
            context.close(link.id, reason)
        }

        mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
            if case .goodbye(let reason) = message { context.close(link, reason, by: .peer) }
        }

        func route(to peer: Identity) -> LinkID? { nil }
    }

    private struct Idle: LivenessPolicy, ConsensusPolicy {
        var state = NoState()
        var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 1) }
    }

    private struct NoSigner: Signer {
        let identity = Fixture.own
        func sign(_ bytes: [UInt8]) -> Signature { .none }
    }

    /// Brings a link up in a node, ends it by `end`, and files what the node says of it.
    private func ledger(_ end: (LinkID, Node) -> Void) -> StatusLedger {
        let node = Node(
            NodeConfiguration(
                network: Fixture.network, endpoint: Fixture.endpoint(1), signer: NoSigner(), seed: 1,
                connectTimeout: .seconds(1),
                modules: PolicySet(links: OneLink(), liveness: Idle(), consensus: Idle(), discovery: [])
            )
        )
        let wall = WallTime(milliseconds: 1_765_941_780_000)
        node.handle(.start, at: .zero, wall: wall)
        let link = node.admit(from: Fixture.endpoint(2, port: 50_000), at: .zero)
        node.handle(.accepted(link, identity: nil), at: .zero, wall: wall)
        end(link, node)
        var ledger = StatusLedger(network: Fixture.network)
        for case .observe(let event) in node.effects { ledger.record(event, at: .zero, wall: wall) }
        return ledger
    }

    /// What `/peers` says of the friend, as JSON.
    private func last(of ledger: StatusLedger) throws -> [String: Any] {
        let json = try JSONEncoder().encode(Fixture.status(ledger: ledger))
        let status = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        let peers = try #require(status["peers"] as? [[String: Any]])
        let friend = try #require(peers.first { $0["name"] as? String == "two" })
        return try #require((friend["last"] as? [[String: Any]])?.last)
    }

    @Test("what we decide is ours", arguments: Reason.allCases)
    func ours(_ reason: Reason) throws {
        let ledger = ledger { link, node in
            node.machine.context.module = NodeMachine.Slot.liveness
            node.machine.context.declareDead(link, reason)
            node.machine.settle()
        }
        let entry = try last(of: ledger)
        #expect(entry["reason"] as? String == reason.rawValue)
        #expect(entry["ended_by"] as? String == "us")
        #expect(entry["peer_said"] == nil)
        #expect(ledger.reasons.ends.map(\.count) == [1])
        #expect(ledger.reasons.ends.first?.reason == reason)
    }

    @Test("what the peer says is shown as the peer's word", arguments: Reason.allCases)
    func theirs(_ reason: Reason) throws {
        let ledger = ledger { link, node in
            node.handle(.received(link, .goodbye(reason)), at: .zero, wall: WallTime(milliseconds: 0))
        }
        let entry = try last(of: ledger)
        #expect(entry["reason"] as? String == reason.rawValue)
        #expect(entry["ended_by"] as? String == "peer")
        // An end of stream is the one thing that a peer does and does not say.
        #expect(entry["peer_said"] as? Bool == (reason == .endOfStream ? nil : true))
        #expect(ledger.reasons.ends.first?.ender == .peer)
        let words = ledger.peer(.identity(Fixture.friend))?.outcomes.last?.inWords
        #expect(words == "lost: \(reason.rawValue) (\(reason == .endOfStream ? "by peer" : "peer said"))")
    }

    @Test("what the transport does is the transport's", arguments: Reason.allCases)
    func transports(_ reason: Reason) throws {
        let ledger = ledger { link, node in
            node.handle(.ended(link, .failed(reason)), at: .zero, wall: WallTime(milliseconds: 0))
        }
        #expect(try last(of: ledger)["ended_by"] as? String == "transport")
        #expect(ledger.reasons.ends.first?.ender == .transport)
    }

    @Test("a dial that found the wrong one was ended by us, one told to come later by the peer, others by nobody")
    func dials() {
        var enders: [LinkEnder: [Reason]] = [:]
        for reason in Reason.allCases {
            var ledger = StatusLedger(network: Fixture.network)
            let event = Event.dialFailed(LinkID(number: 1), Fixture.endpoint(2), reason)
            ledger.record(event, at: .zero, wall: WallTime(milliseconds: 0))
            #expect(ledger.reasons.ends.map(\.outcome) == [.dialFailed])
            for end in ledger.reasons.ends { enders[end.ender, default: []].append(reason) }
        }
        #expect(enders[.us] == [.certificateExpired, .protocolVersion, .wrongIdentity])
        #expect(enders[.peer] == [.tooManyLinks, .tooFast])
        #expect(enders[.transport]?.count == Reason.allCases.count - 5)
    }

    @Test("a refusal is counted once, with its reason", arguments: Reason.allCases)
    func refusals(_ reason: Reason) {
        var ledger = StatusLedger(network: Fixture.network)
        let (link, caller) = (LinkID(number: 5), Fixture.endpoint(2, port: 51_000))
        let wall = WallTime(milliseconds: 0)
        ledger.record(.refused(link, Fixture.friend, caller, reason), at: .zero, wall: wall)
        ledger.record(
            .linkEnded(link, Fixture.friend, caller, reason, .us, wasUp: false, direction: .accepted), at: .zero,
            wall: wall
        )
        #expect(ledger.reasons.ends.map(\.count) == [1])
        #expect(ledger.reasons.ends.map(\.outcome) == [.refused])
        #expect(ledger.peer(.identity(Fixture.friend))?.outcomes.map(\.reason) == [reason])
    }

    @Test("what does not end a link is counted by its cause and filed under the peer it is of")
    func objections() {
        var ledger = StatusLedger(network: Fixture.network)
        let (link, wall) = (LinkID(number: 3), WallTime(milliseconds: 5_000))
        func record(_ event: Event) { ledger.record(event, at: .zero, wall: wall) }
        record(.linkUp(link, Fixture.friend, Fixture.endpoint(2), .dialled))
        for cause in AddressRefusal.allCases { record(.addressRefused(link, Fixture.other, cause)) }
        record(.blockRejected(Fixture.friend, .wrongLeader))
        record(.blockRejected(nil, .tooLarge))
        record(.messageDropped(link, .consensus, .queueFull))
        record(.messageDropped(nil, .application, .noRoute))
        record(.ownSlotSkipped(slot: 7, .catchingUp))
        let causes = ledger.peer(.identity(Fixture.friend))?.objections.map(\.cause) ?? []
        #expect(causes == AddressRefusal.allCases.map(\.rawValue) + ["wrong-leader", "queue-full"])
        #expect(ledger.reasons.objections.count == AddressRefusal.allCases.count + 3)
        #expect(ledger.reasons.objections.contains { $0.kind == .slot && $0.cause == "catching-up" })
        #expect(ledger.reasons.messages.map(\.channel) == ["application", "consensus"])
        for _ in 0..<100 { record(.blockRejected(Fixture.friend, .tooDeep)) }
        #expect(ledger.peer(.identity(Fixture.friend))?.objections.count == StatusLedger.outcomeLimit)
        #expect(ledger.reasons.objections.contains { $0.cause == "too-deep" && $0.count == 100 })
    }

    @Test("a stranger's block makes no entry of its own")
    func strangersBlock() {
        var ledger = StatusLedger(network: Fixture.network)
        ledger.record(.blockRejected(Fixture.stranger, .tooDeep), at: .zero, wall: WallTime(milliseconds: 0))
        #expect(ledger.peers.isEmpty)
        #expect(ledger.reasons.objections.map(\.count) == [1])
    }
}

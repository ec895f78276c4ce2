import Testing
import Wire

@testable import Kernel

@Suite("Messages that follow a write") struct DurableSendTests {
    private let tip = Message.module(RawEnvelope(channel: .consensus, scope: 1, kind: 1, body: []))
    private let full = StoreFailure(code: .full, message: "no room")

    /// A node that writes on each message and has a pong wait for the write.
    private func rig(_ tokens: Tokens) -> ScriptedNode {
        ScriptedNode {
            $0.onMessage = { _, link, context in
                let write = context.persist(StoreBatch(), format: 1)
                tokens.all.append(write)
                context.send(.pong(nonce: 1), over: link, after: write)
            }
        }
    }

    private final class Tokens {
        var all: [WriteToken] = []
    }

    private func drops(_ rig: ScriptedNode) -> [DropCause] {
        rig.events.compactMap { if case .messageDropped(_, _, let cause) = $0 { cause } else { nil } }
    }

    @Test("a message that waits for a write goes out once it is durable, before the module is told")
    func persisted() throws {
        let tokens = Tokens()
        let rig = ScriptedNode {
            $0.onMessage = { _, link, context in
                let write = context.persist(StoreBatch(), format: 1)
                tokens.all.append(write)
                context.send(.pong(nonce: 1), over: link, after: write)
                context.send(.pong(nonce: 2), over: link)
                context.send(.pong(nonce: 3), to: ScriptedNode.identity(link.number), after: write)
            }
            $0.onPersisted = { token, context in
                context.send(.pong(nonce: 4), over: LinkID(number: 1), after: token)
            }
        }
        let link = rig.accept(1)
        rig.feed(.received(link, tip))
        #expect(rig.sent == [.pong(nonce: 2)])
        rig.feed(.persisted(tokens.all[0]))
        #expect(rig.sent == [.pong(nonce: 1), .pong(nonce: 4), .pong(nonce: 3)])
        rig.feed(.persisted(tokens.all[0]))
        #expect(rig.sent.isEmpty)
    }

    @Test("what waits for a write that fails never goes out, and each message is said to be dropped")
    func failed() throws {
        let tokens = Tokens()
        let rig = rig(tokens)
        let link = rig.accept(1)
        rig.feed(.received(link, tip))
        _ = rig.takeLines()
        rig.feed(.persistFailed(tokens.all[0], full))
        #expect(rig.sent.isEmpty)
        #expect(drops(rig) == [.notDurable])
        #expect(rig.takeLines() == ["consensus persist failed: no room"])
        let notes = rig.events.compactMap { if case .note(.error, let text) = $0 { text } else { nil } }
        #expect(notes == ["the store refused a write of consensus/0: no room"])
        rig.feed(.persisted(tokens.all[0]))
        #expect(rig.sent.isEmpty)
    }

    @Test("after a write that failed nothing is sent, however much later it is asked for")
    func afterFailure() throws {
        let tokens = Tokens()
        let rig = rig(tokens)
        let link = rig.accept(1)
        for _ in 0..<500 { rig.feed(.received(link, tip)) }
        for (index, token) in tokens.all.enumerated() {
            rig.feed(index % 2 == 0 ? .persistFailed(token, full) : .persisted(token))
        }
        for (index, token) in tokens.all.enumerated() where index % 2 == 0 {
            #expect(rig.send(over: link, after: token) == [])
        }
    }

    @Test("a write that is durable already holds nothing up, however long ago it was")
    func durable() throws {
        let tokens = Tokens()
        let rig = rig(tokens)
        let link = rig.accept(1)
        for _ in 0..<500 { rig.feed(.received(link, tip)) }
        for token in tokens.all { rig.feed(.persisted(token)) }
        for token in tokens.all { #expect(rig.send(over: link, after: token) == [.pong(nonce: 9)]) }
    }

    @Test("a write that this process has not made holds its message back for ever")
    func unknown() throws {
        let tokens = Tokens()
        let rig = rig(tokens)
        let link = rig.accept(1)
        rig.feed(.received(link, tip))
        rig.feed(.persisted(tokens.all[0]))
        for number in [0, 2, UInt64.max] {
            #expect(rig.send(over: link, after: WriteToken(number: number)) == [])
            #expect(drops(rig) == [.notDurable, .notDurable], "over the link, and to the peer")
        }
    }

    @Test("what waits for a write is dropped where the link has ended meanwhile")
    func endedMeanwhile() throws {
        let tokens = Tokens()
        let rig = rig(tokens)
        let link = rig.accept(1)
        rig.feed(.received(link, tip))
        rig.feed(.ended(link, .failed(.reset)))
        rig.feed(.persisted(tokens.all[0]))
        #expect(rig.events == [.messageDropped(link, .liveness, .notUp)])
    }

    @Test("what waits for a write is routed when it goes out, not when it was asked for")
    func routedLate() throws {
        let tokens = Tokens()
        let rig = ScriptedNode {
            $0.onMessage = { _, link, context in
                let write = context.persist(StoreBatch(), format: 1)
                tokens.all.append(write)
                context.send(.pong(nonce: 1), to: ScriptedNode.identity(2), after: write)
            }
        }
        let link = rig.accept(1)
        rig.feed(.received(link, tip))
        // The scripted links policy routes a peer by the link of its number.
        _ = rig.accept(2)
        rig.feed(.persisted(tokens.all[0]))
        #expect(rig.sent == [.pong(nonce: 1)])
    }

    @Test("a checkpoint keeps what waits and what failed")
    func checkpoint() throws {
        let tokens = Tokens()
        let rig = rig(tokens)
        let link = rig.accept(1)
        for _ in 0..<3 { rig.feed(.received(link, tip)) }
        rig.feed(.persistFailed(tokens.all[0], full))
        rig.feed(.persisted(tokens.all[1]))
        let checkpoint = try rig.node.checkpoint()
        #expect(checkpoint.writes.pending.map(\.token) == [tokens.all[2]])
        #expect(checkpoint.writes.pending.first?.messages == [WaitingMessage(.pong(nonce: 1), to: .link(link))])
        #expect(checkpoint.writes.failed == [1...1] && checkpoint.writes.issued == 3)
        let resumed = try Node(rig.node.configuration, resuming: checkpoint)
        #expect(try resumed.checkpoint().writes == checkpoint.writes)
        var forged = checkpoint
        for writes in [
            NodeCheckpoint.Writes(issued: .max, pending: [], failed: []),
            NodeCheckpoint.Writes(issued: 1, pending: checkpoint.writes.pending, failed: []),
            NodeCheckpoint.Writes(issued: 9, pending: [], failed: [3...4, 1...2]),
            NodeCheckpoint.Writes(issued: 9, pending: [PendingWrite(token: tokens.all[0], module: 99)], failed: []),
        ] {
            forged.writes = writes
            #expect(throws: SnapshotError.self) { try Node(rig.node.configuration, resuming: forged) }
        }
    }
}

extension ScriptedNode {
    /// What goes out where the consensus module sends a message over a link, and to the link's peer, after a write.
    func send(over link: LinkID, after token: WriteToken) -> [Message] {
        node.machine.context.module = NodeMachine.Slot.consensus
        node.machine.context.send(.pong(nonce: 9), over: link, after: token)
        if node.machine.context.writes.fate(of: token) == .notDurable {
            node.machine.context.send(.pong(nonce: 9), to: Self.identity(1), after: token)
        }
        node.machine.settle()
        take()
        return sent
    }
}

import Testing
import Wire

@testable import Kernel

/// What a node makes of messages that modules declare.
struct ModuleMessageTests {
    private let votes = Heard<VoteMessage>()

    /// A node with a voting module, and a link that is up.
    private func node() -> (node: Node, link: LinkID) { Self.node(Listener(heard: votes)) }

    private static func node(_ consensus: some ConsensusPolicy) -> (node: Node, link: LinkID) {
        let log = Log()
        let node = Node(
            ScriptedNode.configuration(
                seed: 1,
                PolicySet(
                    links: ScriptedLinks(log: log), liveness: ScriptedModule(name: "liveness", log: log),
                    consensus: consensus, discovery: []
                )
            )
        )
        let link = node.admit(from: ScriptedNode.endpoint(9), at: .zero)
        _ = feed(.accepted(link, identity: ScriptedNode.identity(1)), to: node)
        return (node, link)
    }

    private static func feed(_ input: Input, to node: Node) -> [Effect] {
        node.handle(input, at: .zero, wall: WallTime(milliseconds: 0))
        defer { node.effects = [] }
        return node.effects
    }

    private static func events(_ effects: [Effect]) -> [Event] {
        effects.compactMap { if case .observe(let event) = $0 { event } else { nil } }
    }

    /// The same message as it comes over a socket.
    private static func bytes(_ message: some ModuleMessage, kind: UInt32? = nil, scope: UInt32? = nil) -> Message {
        guard case .module(let envelope) = Message(message) else { return .ready }
        return .module(
            RawEnvelope(
                channel: envelope.channel, scope: scope ?? envelope.scope, kind: kind ?? envelope.kind,
                body: envelope.body
            )
        )
    }

    private static func raw(_ kind: VoteMessage.Kind, _ body: [UInt8]) -> Message {
        .module(
            RawEnvelope(
                channel: .consensus, scope: VoteMessage.scope.number, kind: kind.rawValue, body: body))
    }

    @Test("a module gets its messages as values, whether they came as values or as bytes")
    func taken() {
        let (node, link) = node()
        for message in VoteMessage.samples {
            #expect(Self.events(Self.feed(.received(link, Message(message)), to: node)).isEmpty)
            #expect(Self.events(Self.feed(.received(link, Self.bytes(message)), to: node)).isEmpty)
        }
        #expect(votes.messages == VoteMessage.samples.flatMap { [$0, $0] })
    }

    @Test("two consensus modules with the same kind number do not take each other's messages")
    func scoped() {
        let (node, link) = node()
        for message in [Message(RivalMessage.claim(round: 7)), Self.bytes(RivalMessage.claim(round: 7))] {
            let effects = Self.feed(.received(link, message), to: node)
            #expect(Self.events(effects) == [.messageDropped(link, .consensus, .unknownModule)])
        }
        #expect(votes.messages.isEmpty)
        #expect(node.phase(of: link) == .up)

        let claims = Heard<RivalMessage>()
        let (rival, other) = Self.node(Listener(heard: claims))
        _ = Self.feed(.received(other, Self.bytes(RivalMessage.claim(round: 7))), to: rival)
        _ = Self.feed(.received(other, Self.bytes(VoteMessage.vote(view: 7))), to: rival)
        #expect(claims.messages == [.claim(round: 7)])
    }

    @Test("a scope counts only on the channel of its role")
    func otherChannel() {
        let (node, link) = node()
        let stray = RawEnvelope(channel: .discovery, scope: VoteMessage.scope.number, kind: 1, body: [8, 7])
        let effects = Self.feed(.received(link, .module(stray)), to: node)
        #expect(votes.messages.isEmpty)
        #expect(Self.events(effects) == [.messageDropped(link, .discovery, .unknownModule)])
    }

    @Test("an unknown kind is ignored and counted, and so is an unknown message of the kernel's")
    func unknownKind() {
        let (node, link) = node()
        for message in [
            Self.bytes(VoteMessage.vote(view: 7), kind: 9), Self.bytes(VoteMessage.vote(view: 7), scope: 0),
        ] {
            let effects = Self.feed(.received(link, message), to: node)
            #expect(Self.events(effects) == [.messageDropped(link, .consensus, .unknownKind)])
        }
        #expect(votes.messages.isEmpty)
        #expect(node.phase(of: link) == .up)
    }

    @Test("unknown fields of a known message are left out and counted; the rest of it is taken")
    func unknownFields() {
        let (node, link) = node()
        // Field 1 is the view; field 3 is a number of a later version, field 9 are bytes.
        let effects = Self.feed(.received(link, Self.raw(.vote, [8, 7, 24, 5, 74, 2, 1, 2])), to: node)
        #expect(Self.events(effects) == [.fieldsIgnored(link, .consensus)])
        #expect(votes.messages == [.vote(view: 7)])
    }

    @Test(
        "a body that is none of its kind ends the link, and says why to the other end",
        arguments: [
            // A number that is cut off, a field beyond the end, the field 0, a view that is bytes.
            ([8], Reason.badFrame), ([10, 200], .badFrame), ([0, 1], .badFrame), ([10, 1, 0], .badFrame),
            ([UInt8](repeating: 8, count: 17), .frameTooLarge),
        ] as [([UInt8], Reason)]
    )
    func malformed(_ body: [UInt8], _ reason: Reason) {
        let (node, link) = node()
        let effects = Self.feed(.received(link, Self.raw(.vote, body)), to: node)
        #expect(votes.messages.isEmpty)
        #expect(node.phase(of: link) == nil)
        let sent = effects.compactMap { if case .send(_, let message) = $0 { message } else { nil } }
        #expect(sent == [.goodbye(reason)])
        #expect(
            Self.events(effects).contains {
                if case .linkEnded(link, _, _, reason, .transport, wasUp: true, _) = $0 { true } else { false }
            }
        )
    }

    @Test("a list that is too long is refused before it is stored")
    func tooLong() {
        let (node, link) = node()
        let most = Self.raw(
            .views,
            [UInt8](repeating: 0, count: 2 * VoteMessage.mostViews).enumerated().map { $0.offset % 2 == 0 ? 10 : 0 })
        _ = Self.feed(.received(link, most), to: node)
        #expect(votes.messages == [.views([UInt64](repeating: 0, count: VoteMessage.mostViews))])
        _ = Self.feed(.received(link, Self.raw(.views, [UInt8]((0..<200).map { $0 % 2 == 0 ? 10 : 0 }))), to: node)
        #expect(votes.messages.count == 1)
        #expect(node.phase(of: link) == nil)
    }

    @Test("a value that its bytes would not be read as ends the link, as the bytes do")
    func malformedValue() {
        for message in [
            VoteMessage.views([UInt64](repeating: 1, count: 9)), .views([UInt64](repeating: 1, count: 500)),
        ] {
            let (node, link) = node()
            _ = Self.feed(.received(link, Message(message)), to: node)
            #expect(votes.messages.isEmpty)
            #expect(node.phase(of: link) == nil)
        }
    }

    @Test("a digest takes a message alike, whether it came as a value or as bytes")
    func canonical() {
        let (node, link) = node()
        for message in [
            Message(VoteMessage.vote(view: 7)), Message(RivalMessage.claim(round: 7)),
            Message(VoteMessage.views([UInt64](repeating: 1, count: 9))),
        ] {
            guard case .module(let envelope) = message else { continue }
            let raw = RawEnvelope(
                channel: envelope.channel, scope: envelope.scope, kind: envelope.kind, body: envelope.body)
            let prints = [Message.module(raw), message].map { form -> UInt64? in
                guard case .received(_, .module(let taken)) = node.canonical(.received(link, form)) else { return nil }
                return taken.fingerprint
            }
            #expect(prints[0] != nil && prints[0] == prints[1], "\(message)")
        }
    }

    @Test("before a link is up, a module's message ends it like everything else that is not expected")
    func early() {
        let log = Log()
        let node = Node(
            ScriptedNode.configuration(
                seed: 1,
                PolicySet(
                    links: ScriptedLinks(log: log), liveness: ScriptedModule(name: "liveness", log: log),
                    consensus: Listener(heard: votes), discovery: []
                )
            )
        )
        let link = node.admit(from: ScriptedNode.endpoint(9), at: .zero)
        _ = Self.feed(.accepted(link, identity: nil), to: node)
        _ = Self.feed(.received(link, Message(VoteMessage.vote(view: 1))), to: node)
        #expect(votes.messages.isEmpty)
        #expect(node.phase(of: link) == nil)
    }

    @Test("a checkpoint's waiting messages are read back as the values that they were")
    func checkpoint() throws {
        let (node, link) = node()
        var checkpoint = try node.checkpoint()
        let message = Self.bytes(VoteMessage.vote(view: 3))
        let token = WriteToken(number: 1)
        checkpoint.writes.issued = 1
        checkpoint.writes.pending = [
            PendingWrite(token: token, module: 2, messages: [WaitingMessage(message, to: .link(link))])
        ]
        let resumed = try Node(node.configuration, resuming: checkpoint)
        guard case .module(let envelope) = try resumed.checkpoint().writes.pending.first?.messages.first?.message else {
            Issue.record("nothing waits")
            return
        }
        #expect(envelope.value(as: VoteMessage.self) == .vote(view: 3))
    }
}

import Profile
import Testing
import Wire

@testable import Kernel

struct RegistryTests {
    private static func descriptor(
        _ id: String, _ messages: any ModuleMessage.Type, _ make: @escaping @Sendable () -> any ConsensusPolicy
    ) -> ModuleDescriptor {
        ModuleDescriptor(
            spec: ModuleSpec(
                role: "consensus", id: id, version: "1", stability: .development, summary: "a module for tests",
                posture: "for tests", options: OptionSpec([])
            ),
            messages: messages, factory: .consensus { _ in make() }
        )
    }

    @Test("scopes of one role that are equal on the wire are refused, and the error names both modules")
    func sameScope() throws {
        let scope = MessageScope(.consensus, "voting")
        #expect(throws: Never.self) {
            try Registry.check([scope, MessageScope(.liveness, "voting"), MessageScope(.consensus, "rival")])
        }
        let error = #expect(throws: RegistryError.self) { try Registry.check([scope, scope]) }
        #expect(error?.code == .sameScope)
        #expect(error?.message.contains("consensus/voting") == true)
        // Found by trying: the first four bytes of both hashes are equal.
        let twins = ["module-13757", "module-103961"].map { MessageScope(.consensus, $0) }
        #expect(twins[0].number == twins[1].number)
        let clash = #expect(throws: RegistryError.self) { try Registry.check(twins) }
        #expect(clash?.message.contains("consensus/module-13757") == true)
        #expect(clash?.message.contains("consensus/module-103961") == true)
    }

    @Test("a registry lists each type of message once; a variant may speak another module's language")
    func messages() throws {
        let registry = Registry([
            Self.descriptor("voting", VoteMessage.self) { Listener(heard: Heard<VoteMessage>()) },
            Self.descriptor("voting-2", VoteMessage.self) { Listener(heard: Heard<VoteMessage>()) },
            Self.descriptor("rival", RivalMessage.self) { Listener(heard: Heard<RivalMessage>()) },
            Self.descriptor("silent", NoMessages.self) { Listener(heard: Heard<NoMessages>()) },
        ])
        try registry.check()
        #expect(registry.messages.map { "\($0)" } == ["VoteMessage", "RivalMessage"])
    }

    @Test("a descriptor that names other messages than its module has is refused, with what to write")
    func otherMessages() throws {
        let module = Listener(heard: Heard<VoteMessage>())
        let right = Self.descriptor("voting", VoteMessage.self) { Listener(heard: Heard<VoteMessage>()) }
        #expect(throws: Never.self) { try MessageMismatch.check(module, right) }
        let wrong = Self.descriptor("voting", NoMessages.self) { Listener(heard: Heard<VoteMessage>()) }
        let error = #expect(throws: MessageMismatch.self) { try MessageMismatch.check(module, wrong) }
        #expect(error?.description.contains("messages: VoteMessage.self") == true)
    }
}

import Application
import Consensus
import Discovery
import Kernel
import Liveness
import ModuleTesting
import Profile
import Testing
import Wire

@Suite("The conformance kits on the messages that modules declare")
struct MessageConformanceTests {
    @Test("the messages that ship keep the rule")
    func shipped() {
        for messages in [
            SlotLeaderMessage.self, SwimMessage.self, GossipMessage.self, TrafficMessage.self,
        ] as [any ModuleMessage.Type] {
            #expect(MessageTrial(messages).problems == [], "\(messages)")
        }
    }

    @Test("each fault of a declaration is found, and named")
    func faults() {
        let problems = MessageTrial(Muttering.Word.self).problems.joined(separator: "\n")
        for words in [
            "'same' may have 2000 bytes; the channel takes 1024", "two kinds are called 'same'",
            "'silent' has no sample",
            "a sample of 'deaf' reads back as something else", "'deaf' writes fields that it does not read",
            "two fields 'number' of one 'same'", "a sample of 'long' has 12 bytes, or is not well-formed",
            "'strict' with a field of a later version is not read as without it",
        ] {
            #expect(problems.contains(words), "\(words) is not in:\n\(problems)")
        }
    }

    @Test("every kit reports such messages")
    func kits() throws {
        let reports = [
            try LivenessConformance(Muttering.descriptor(.liveness) { .liveness { _ in Muttering() } }).run(),
            try ConsensusConformance(Muttering.descriptor(.consensus) { .consensus { _ in Muttering() } }).run(),
            try DiscoveryConformance(Muttering.descriptor(.discovery) { .discovery { _ in Muttering() } }).run(),
            try WorkloadConformance(Muttering.descriptor(.workload) { .workload { _ in Muttering() } }).run(),
        ]
        for report in reports {
            #expect(report.violations.contains { $0.rule == .messages }, "\(report)")
        }
    }
}

/// A module that does nothing, and declares messages with every fault.
struct Muttering: LivenessPolicy, ConsensusPolicy, DiscoveryPolicy, WorkloadPolicy {
    typealias Messages = Word

    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 1) }

    enum Word: ModuleMessage {
        case same(UInt64)
        case other
        case silent
        case deaf(UInt64)
        case long
        case strict

        enum Kind: UInt32, MessageKind {
            case same = 1
            case other = 2
            case silent = 3
            case deaf = 4
            case long = 5
            case strict = 6

            var traits: MessageTraits {
                switch self {
                case .same: MessageTraits("same", limit: 2000)
                case .other: MessageTraits("same", limit: 10)
                case .silent: MessageTraits("silent", limit: 10)
                case .deaf: MessageTraits("deaf", limit: 10)
                case .long: MessageTraits("long", limit: 10)
                case .strict: MessageTraits("strict", limit: 10)
                }
            }
        }

        static let scope = MessageScope(.liveness, "muttering")
        static let samples: [Word] = [.same(1), .other, .deaf(1), .long, .strict]

        var kind: Kind {
            switch self {
            case .same: .same
            case .other: .other
            case .silent: .silent
            case .deaf: .deaf
            case .long: .long
            case .strict: .strict
            }
        }

        func write(to body: inout BodyWriter) {
            switch self {
            case .same(let number), .deaf(let number): body.number(1, number)
            case .long: body.bytes(1, [UInt8](repeating: 1, count: 10))
            case .other, .silent, .strict: break
            }
        }

        static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> Word {
            switch kind {
            case .same:
                var number: UInt64 = 0
                while let field = try body.next() {
                    if field == 1 { number = try body.number() }
                }
                return .same(number)
            case .strict:
                if try body.next() != nil { throw .malformed("nothing may stand here") }
                return .strict
            case .other: return .other
            case .silent: return .silent
            case .deaf: return .deaf(0)
            case .long: return .long
            }
        }

        func describe(to fields: inout TraceFields) {
            guard case .same(let number) = self else { return }
            fields.add("number", number)
            fields.add("number", number)
        }
    }

    static func descriptor(_ role: Role, _ factory: () -> ModuleFactory) -> ModuleDescriptor {
        ModuleDescriptor(
            spec: ModuleSpec(
                role: role.rawValue, id: "muttering", version: "1", stability: .development,
                summary: "declares messages with faults", posture: "for tests", options: OptionSpec([])
            ),
            messages: Word.self, factory: factory()
        )
    }
}

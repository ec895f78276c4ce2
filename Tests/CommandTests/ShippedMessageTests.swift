import Kernel
import NIOCore
import Testing
import Wire

@testable import TimenodeCommands

/// What the modules of the program say to their peers.
struct ShippedMessageTests {
    @Test("every sample of every shipped message is encoded in as many bytes as it says, and is read back")
    func sizes() throws {
        try Registry.standard.check()
        for messages in Registry.standard.messages { try judge(messages) }
    }

    private func judge<Content: ModuleMessage>(_ messages: Content.Type) throws {
        for kind in Content.Kind.allCases {
            #expect(Content.samples.contains { $0.kind == kind }, "\(Content.scope) \(kind)")
        }
        for sample in Content.samples {
            let message = Message(sample)
            var buffer = ByteBuffer()
            #expect(FrameEncoder.encode(message, into: &buffer), "\(message)")
            #expect(buffer.readableBytes == message.encodedSize, "\(message)")
            var decoder = FrameDecoder()
            #expect(try decoder.next(from: &buffer) == message)
        }
    }

    @Test("two modules whose messages have one scope are refused when the program starts")
    func sameScope() async {
        let own = ModuleDescriptor(
            spec: Registry.standard.modules[0].spec, messages: Twin.self, factory: Registry.standard.modules[0].factory)
        let scope = CommandScope(
            registry: Registry([own] + Registry.standard.modules.dropFirst()), console: .silent, environment: [:])
        #expect(await Timenode.run(arguments: ["version"], in: scope) == 1)
    }

    /// Has the name of a module that ships.
    private enum Twin: ModuleMessage {
        case word

        enum Kind: UInt32, MessageKind {
            case word = 1

            var traits: MessageTraits { MessageTraits("word", limit: 0) }
        }

        static let scope = MessageScope(.consensus, "slot-leader")
        static let samples: [Twin] = [.word]
        var kind: Kind { .word }

        func write(to body: inout BodyWriter) {}

        static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> Twin { .word }
    }
}

import Kernel
import Wire

/// What a liar says in a module's own messages: samples that the module declares, what the module itself said a while ago,
/// and both with some bytes changed, where what comes of it still reads as a message.
///
/// A body that does not read ends its link in the kernel, before any module hears of it.
struct ModuleNoise {
    /// How many messages of the module itself are remembered.
    private static let memory = 16

    private let messages: any ModuleMessage.Type
    private let samples: [ModuleEnvelope]
    private var heard: [ModuleEnvelope] = []

    init(_ messages: any ModuleMessage.Type) {
        self.messages = messages
        samples = Self.samples(of: messages)
    }

    /// Remembers what the module said.
    mutating func hear(_ message: Message) {
        guard case .module(let envelope) = message, envelope.scope == messages.scope.number else { return }
        if heard.count == Self.memory { heard.removeFirst() }
        heard.append(envelope)
    }

    /// Nil where the module has no messages.
    func next(_ draws: inout RandomStream) -> Message? {
        let source = draws.chance(1, in: 2) && !heard.isEmpty ? heard : samples
        guard !source.isEmpty else { return nil }
        let original = source[Int(draws.below(UInt64(source.count)))]
        if draws.chance(1, in: 4) { return .module(original) }
        return .module(changed(original, &draws))
    }

    private func changed(_ original: ModuleEnvelope, _ draws: inout RandomStream) -> ModuleEnvelope {
        var body = original.body
        guard !body.isEmpty else { return original }
        // Most changes read as something: of 8 the first that does will do.
        for _ in 0..<8 {
            let place = Int(draws.below(UInt64(body.count)))
            let old = body[place]
            body[place] = UInt8(draws.below(256))
            if let readable = Self.read(messages, original, body) { return readable }
            body[place] = old
        }
        return original
    }

    private static func samples<Content: ModuleMessage>(of messages: Content.Type) -> [ModuleEnvelope] {
        messages.samples.compactMap { if case .module(let envelope) = Message($0) { envelope } else { nil } }
    }

    /// The message that a body of the same kind is, nil where it is none.
    private static func read<Content: ModuleMessage>(
        _ messages: Content.Type, _ original: ModuleEnvelope, _ body: [UInt8]
    ) -> ModuleEnvelope? {
        guard let kind = Content.Kind(rawValue: original.kind) else { return nil }
        let raw = RawEnvelope(channel: original.channel, scope: original.scope, kind: original.kind, body: body)
        var message: Content?
        do throws(MessageFault) {
            _ = try raw.withBody { reader throws(MessageFault) in message = try Content.read(kind, from: &reader) }
        } catch {
            return nil
        }
        guard let message, case .module(let envelope) = Message(message) else { return nil }
        return envelope
    }
}

import Kernel
import Wire

extension FuzzTarget {
    /// The body of a module's message, of every kind that a shipped module declares: it is read or refused; what was read
    /// can be sent on, within its limit, and read again, and a trace can say what it is.
    static let messages = FuzzTarget(
        name: "messages",
        seeds: {
            registry.messages.enumerated().flatMap { index, messages in MessageText.seeds(index, messages) }
        },
        run: { bytes in
            let types = registry.messages
            guard bytes.count >= 2, Int(bytes[0]) < types.count else { return }
            MessageText.run(types[Int(bytes[0])], kind: UInt32(bytes[1]), Array(bytes[2...]))
        }
    )
}

/// An input is the place of the module in the registry, the kind's number, then the body.
private enum MessageText {
    static func seeds<Content: ModuleMessage>(_ index: Int, _ messages: Content.Type) -> [FuzzTarget.Seed] {
        Content.samples.enumerated().map { number, sample in
            FuzzTarget.Seed(
                name: "\(Content.scope.module)-\(sample.kind.traits.name)-\(number)",
                bytes: [UInt8(index), UInt8(truncatingIfNeeded: sample.kind.rawValue)] + sample.encodedBody
            )
        }
    }

    static func run<Content: ModuleMessage>(_ messages: Content.Type, kind number: UInt32, _ body: [UInt8]) {
        guard let kind = Content.Kind(rawValue: number), let read = try? Content.decoded(kind, from: body) else {
            return
        }
        let message = Message(read.message)
        promise(read.message.kind == kind, "a body of kind \(kind) reads as another kind: \(read.message)")
        promise(message.isEncodable, "what was read cannot be sent: \(read.message)")
        do {
            let again = try Content.decoded(kind, from: read.message.encodedBody)
            promise(again.message == read.message, "\(read.message) changes")
            promise(again.unknownFields == 0, "\(read.message) writes what it does not read")
        } catch {
            promise(false, "what was read and written is refused: \(error)")
        }
        let stream = Stream.bytes([message])
        promise(stream.count == message.encodedSize, "\(message) has another size than it says")
        promise(Stream.read(stream, pieces: stream.count).messages == [message], "\(message) changes")
        if case .module(let envelope) = message { _ = envelope.fields }
    }
}

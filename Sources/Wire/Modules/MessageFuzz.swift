internal import NIOCore

/// What a fuzzer does with messages of modules, whoever wrote them: it gives bodies, and is told of every broken promise.
///
/// ```swift
/// let fuzz = MessageFuzz([MyMessage.self])
/// for seed in fuzz.seeds { save(seed.bytes, as: seed.name) }
/// if let problem = fuzz.problem(in: input) { fatalError(problem) }
/// ```
/// An input is the place of the type in the list, the place of the kind among all of the type, then the body.
public struct MessageFuzz: Sendable {
    private let types: [any ModuleMessage.Type]

    /// - Parameter types: at most 256; of a registry they are `messages`.
    public init(_ types: [any ModuleMessage.Type]) {
        self.types = types
    }

    /// An input for each sample that the types declare.
    public var seeds: [(name: String, bytes: [UInt8])] {
        types.enumerated().flatMap { place, type in Self.seeds(UInt8(truncatingIfNeeded: place), type) }
    }

    /// Reads an input and looks at what comes of it: a body is read or refused; what was read can be sent on within its
    /// limit and reads as the same; and a trace can say what it is.
    ///
    /// - Returns: the promise that is broken, nil where none is.
    public func problem(in input: [UInt8]) -> String? {
        guard input.count >= 2, Int(input[0]) < types.count else { return nil }
        let type = types[Int(input[0])]
        return Self.problem(reading: type, Int(input[1]), Array(input[2...]))
    }

    private static func seeds<Content: ModuleMessage>(
        _ place: UInt8, _ type: Content.Type
    ) -> [(name: String, bytes: [UInt8])] {
        let kinds = Array(Content.Kind.allCases)
        return Content.samples.enumerated().compactMap { number, sample in
            guard let kind = kinds.firstIndex(of: sample.kind).flatMap({ UInt8(exactly: $0) }) else { return nil }
            let name = "\(Content.scope.module)-\(sample.kind.traits.name)-\(number)"
            return (name, [place, kind] + sample.encodedBody)
        }
    }

    private static func problem<Content: ModuleMessage>(
        reading type: Content.Type, _ place: Int, _ body: [UInt8]
    ) -> String? {
        let kinds = Array(Content.Kind.allCases)
        guard kinds.indices.contains(place), let read = try? Content.decoded(kinds[place], from: body) else {
            return nil
        }
        return problem(read.message, kinds[place])
    }

    /// What is wrong with a message that was read as one of this kind.
    static func problem<Content: ModuleMessage>(_ message: Content, _ kind: Content.Kind) -> String? {
        let name = kind.traits.name
        guard message.kind == kind else { return "a body of '\(name)' reads as another kind: \(message)" }
        guard Message(message).isEncodable else { return "what was read as '\(name)' cannot be sent: \(message)" }
        do throws(MessageFault) {
            let again = try Content.decoded(kind, from: message.encodedBody)
            if again.message != message { return "'\(name)' changes as it is written and read: \(message)" }
            if again.unknownFields > 0 { return "'\(name)' writes fields that it does not read: \(message)" }
        } catch {
            return "what was read as '\(name)' and written is refused: \(error)"
        }
        _ = TypedEnvelope(message).fields
        return frameProblem(Message(message)).map { "'\(name)' \($0): \(message)" }
    }

    private static func frameProblem(_ message: Message) -> String? {
        var frame = ByteBuffer()
        guard FrameEncoder.encode(message, into: &frame), frame.readableBytes == message.encodedSize else {
            return "has another size than it says"
        }
        var decoder = FrameDecoder()
        return (try? decoder.next(from: &frame)) == message ? nil : "changes on its way"
    }
}

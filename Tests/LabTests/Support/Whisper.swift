import Kernel
import Profile
import Wire

/// What a workload of somebody else's says: it is in no registry of the program.
enum WhisperMessage: ModuleMessage {
    case words([String])
    case heard(count: UInt64)

    enum Kind: UInt32, MessageKind {
        case words = 1
        case heard = 2

        var traits: MessageTraits {
            switch self {
            case .words: MessageTraits("words", limit: 2000, sendClass: .normal, cost: .block)
            case .heard: MessageTraits("heard", limit: 16, sendClass: .normal)
            }
        }
    }

    static let scope = MessageScope(.application, "whisper", role: "workload")
    static let samples: [WhisperMessage] = [.words(["one", "two"]), .heard(count: 2)]

    var kind: Kind {
        switch self {
        case .words: .words
        case .heard: .heard
        }
    }

    var units: Int { if case .words(let words) = self { words.count } else { 1 } }

    func write(to body: inout BodyWriter) {
        switch self {
        case .words(let words): for word in words { body.text(1, word) }
        case .heard(let count): body.number(1, count)
        }
    }

    static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> WhisperMessage {
        var (words, count): ([String], UInt64) = ([], 0)
        while let field = try body.next() {
            switch (kind, field) {
            case (.words, 1): words.append(try body.text(atMost: 100))
            case (.heard, 1): count = try body.number()
            default: break
            }
        }
        return switch kind {
        case .words: .words(words)
        case .heard: .heard(count: count)
        }
    }

    func describe(to fields: inout TraceFields) {
        switch self {
        case .words(let words): fields.add("words", words.joined(separator: " "))
        case .heard(let count): fields.add("count", count)
        }
    }
}

/// Says three words over each new link, and how many it has heard.
struct Whisper: WorkloadPolicy {
    typealias Messages = WhisperMessage

    var state = NoState()

    mutating func linkUp(_ link: Link, _ context: inout Context) {
        context.send(WhisperMessage.words(["one", "two", "three"]), over: link.id)
    }

    mutating func received(_ message: WhisperMessage, from link: LinkID, _ context: inout Context) {
        guard case .words(let words) = message else { return }
        context.reply(WhisperMessage.heard(count: UInt64(words.count)), to: link)
    }

    static let descriptor = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.workload.rawValue, id: "whisper", version: "1", stability: .development,
            summary: "says three words", posture: "for tests", options: OptionSpec([])
        ),
        messages: WhisperMessage.self, factory: .workload { _ in Whisper() }
    )
}

extension Message {
    var whisper: WhisperMessage? {
        if case .module(let envelope) = self { envelope.value(as: WhisperMessage.self) } else { nil }
    }
}

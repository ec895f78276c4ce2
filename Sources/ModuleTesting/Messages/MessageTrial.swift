import Kernel
import Wire

/// Tries the messages that a module declares: what is written stays within its limit and reads
/// back as it was; every kind has a sample; a field of a later version does no harm; and whatever a body reads as can be
/// sent on and read again.
package struct MessageTrial {
    private static let rounds = 2000

    /// What is wrong with the messages; empty where nothing is.
    package private(set) var problems: [String] = []

    package init(_ messages: any ModuleMessage.Type) {
        perform(messages)
    }

    private mutating func perform<Content: ModuleMessage>(_ messages: Content.Type) {
        judgeKinds(messages)
        var draws = RandomStream(seed: 17, name: "messages")
        for sample in Content.samples {
            judge(sample)
            judgeLaterVersion(sample)
            judgeDamage(sample, &draws)
        }
    }

    private mutating func report(_ problem: String) {
        if problems.count < 20, !problems.contains(problem) { problems.append(problem) }
    }

    // MARK: What is declared

    private mutating func judgeKinds<Content: ModuleMessage>(_ messages: Content.Type) {
        let channel = Content.scope.channel
        var names: [String] = []
        for kind in Content.Kind.allCases {
            let traits = kind.traits
            if kind.rawValue == 0 { report("'\(traits.name)' has the number 0; numbers begin at 1") }
            if names.contains(traits.name) { report("two kinds are called '\(traits.name)'") }
            names.append(traits.name)
            if traits.limit > channel.limit {
                report("'\(traits.name)' may have \(traits.limit) bytes; the channel takes \(channel.limit)")
            }
            if !Content.samples.contains(where: { $0.kind == kind }) { report("'\(traits.name)' has no sample") }
        }
    }

    // MARK: Samples

    private mutating func judge<Content: ModuleMessage>(_ sample: Content) {
        let name = sample.kind.traits.name
        let message = Message(sample)
        guard case .module(let envelope) = message else { return }
        guard message.isEncodable else {
            return report("a sample of '\(name)' has \(envelope.bodySize) bytes, or is not well-formed: it is not sent")
        }
        let read = Self.read(sample.kind, envelope.body, as: Content.self)
        if read?.message != sample { report("a sample of '\(name)' reads back as something else") }
        if read?.unknownFields != 0 { report("'\(name)' writes fields that it does not read") }
        var fields: [String] = []
        for item in envelope.fields?.items ?? [] {
            if fields.contains("\(item.name)") { report("a trace has two fields '\(item.name)' of one '\(name)'") }
            fields.append("\(item.name)")
        }
    }

    private mutating func judgeLaterVersion<Content: ModuleMessage>(_ sample: Content) {
        guard case .module(let envelope) = Message(sample) else { return }
        // Field 15000, three bytes.
        let later = envelope.body + [0xc2, 0xa9, 7, 3, 1, 2, 3]
        let read = Self.read(sample.kind, later, as: Content.self)
        guard read?.message == sample, read?.unknownFields == 1 else {
            return report("'\(sample.kind.traits.name)' with a field of a later version is not read as without it")
        }
    }

    /// A body cut off anywhere, and bodies with changed bytes.
    private mutating func judgeDamage<Content: ModuleMessage>(_ sample: Content, _ draws: inout RandomStream) {
        guard case .module(let envelope) = Message(sample) else { return }
        let body = envelope.body
        for length in body.indices { judge(sample.kind, Array(body[..<length]), as: Content.self) }
        guard !body.isEmpty else { return }
        for _ in 0..<Self.rounds {
            var changed = body
            for _ in 0...draws.below(3) {
                changed[Int(draws.below(UInt64(body.count)))] = UInt8(draws.below(256))
            }
            judge(sample.kind, changed, as: Content.self)
        }
    }

    private mutating func judge<Content: ModuleMessage>(_ kind: Content.Kind, _ body: [UInt8], as: Content.Type) {
        guard let read = Self.read(kind, body, as: Content.self) else { return }
        let message = Message(read.message)
        guard case .module(let again) = message, message.isEncodable, read.message.kind == kind,
            Self.read(kind, again.body, as: Content.self)?.message == read.message
        else {
            return report("'\(kind.traits.name)': some bytes read as a message that cannot be sent on: \(read.message)")
        }
    }

    private static func read<Content: ModuleMessage>(
        _ kind: Content.Kind, _ body: [UInt8], as: Content.Type
    ) -> (message: Content, unknownFields: Int)? {
        let raw = RawEnvelope(
            channel: Content.scope.channel, scope: Content.scope.number, kind: kind.rawValue, body: body)
        var message: Content?
        do throws(MessageFault) {
            let unknownFields = try raw.withBody { reader throws(MessageFault) in
                message = try Content.read(kind, from: &reader)
            }
            return message.map { ($0, unknownFields) }
        } catch {
            return nil
        }
    }
}

import Kernel
import Wire

/// What nodes with `traffic` say to each other. A full queue may drop it: declared load measures what gets through.
public enum TrafficMessage: ModuleMessage {
    /// A question with so many bytes of filler.
    case request(id: UInt64, padding: UInt32)
    /// The answer to the question with the same number.
    case reply(id: UInt64, padding: UInt32)

    public enum Kind: UInt32, MessageKind {
        case request = 1
        case reply = 2

        public var traits: MessageTraits {
            switch self {
            case .request: MessageTraits("request", limit: Channel.application.limit, sendClass: .bulk)
            case .reply: MessageTraits("reply", limit: Channel.application.limit, sendClass: .bulk)
            }
        }
    }

    public static let scope = MessageScope(.application, "traffic", role: "workload")

    public static let samples: [TrafficMessage] = [
        .request(id: 7, padding: 100), .reply(id: 7, padding: 1000), .reply(id: 300, padding: 0),
    ]

    public var kind: Kind {
        switch self {
        case .request: .request
        case .reply: .reply
        }
    }

    public func write(to body: inout BodyWriter) {
        switch self {
        case .request(let id, let padding), .reply(let id, let padding):
            body.number(1, id)
            body.zeros(2, Int(padding))
        }
    }

    public static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> TrafficMessage {
        var (id, padding): (UInt64, Int) = (0, 0)
        while let field = try body.next() {
            switch field {
            case 1: id = try body.number()
            case 2: padding = try body.zeros()
            default: break
            }
        }
        return switch kind {
        case .request: .request(id: id, padding: UInt32(padding))
        case .reply: .reply(id: id, padding: UInt32(padding))
        }
    }

    public func describe(to fields: inout TraceFields) {
        switch self {
        case .request(let id, let padding), .reply(let id, let padding):
            fields.add("id", id)
            fields.add("padding_bytes", padding)
        }
    }
}

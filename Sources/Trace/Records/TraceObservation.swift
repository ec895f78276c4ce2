import Kernel
import Wire

/// What a recorded effect tells of the life of a link. A replay needs no effect's content; whoever measures does.
package enum TraceObservation: Sendable, Hashable {
    /// A dial began.
    case dialled(LinkID, Endpoint)
    /// The dialler's first word of the handshake left.
    case greeted(LinkID)
    /// The acceptor's answer left.
    case answered(LinkID)
    case pinged(LinkID, nonce: UInt64)
    case up(LinkID, Identity)
    /// A link, or an attempt at one, ended. A dial that got no connection has no `ender`.
    case ended(LinkID, Identity?, Endpoint, Reason, LinkEnder?, wasUp: Bool, isDialFailure: Bool)
}

extension TraceReader {
    /// What a line tells of a link's life; nil for any other line.
    package static func observation(_ line: Line) throws(TraceError) -> TraceObservation? {
        let fields = try FieldReader(try tree(line), line: line.number, what: "the record")
        guard fields.has("out") else { return nil }
        switch try fields.text("out") {
        case "open": return .dialled(try fields.link("link"), try fields.endpoint("remote"))
        case "send":
            let message = try fields.object("message")
            switch try message.text("kind") {
            case "hello": return .greeted(try fields.link("link"))
            case "hello-ack": return .answered(try fields.link("link"))
            case "ping": return .pinged(try fields.link("link"), nonce: try message.bits("nonce"))
            default: return nil
            }
        case "observe": return try observation(try fields.object("event"))
        default: return nil
        }
    }

    private static func observation(_ event: FieldReader) throws(TraceError) -> TraceObservation? {
        switch try event.text("kind") {
        case "link-up": return .up(try event.link("link"), try event.identity("peer"))
        case "dial-failed":
            return .ended(
                try event.link("link"), nil, try event.endpoint("remote"), try event.word("reason"), nil, wasUp: false,
                isDialFailure: true
            )
        case "link-ended":
            return .ended(
                try event.link("link"),
                try event.optional("peer") { name throws(TraceError) in try event.identity(name) },
                try event.endpoint("remote"), try event.word("reason"), try event.word("by"),
                wasUp: try event.flag("was_up"), isDialFailure: false
            )
        default: return nil
        }
    }
}

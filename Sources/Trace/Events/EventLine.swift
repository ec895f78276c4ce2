import Kernel
import Wire

/// One line of what `timenode run --events` writes: something that happened in a node, for programs.
///
/// ```json
/// {"wall_ms":1765929600123,"listening":"192.0.2.1:24100"}
/// {"wall_ms":1765929600125,"event":{"kind":"dial-started","link":1,"remote":"192.0.2.2:24100"}}
/// {"wall_ms":1765929600900,"lost":17}
/// ```
package struct EventLine: Sendable, Hashable {
    /// What the line tells.
    package enum Content: Sendable, Hashable {
        /// The node works, and takes connections here.
        case listening(Endpoint)
        /// As in a trace.
        case event(Event)
        /// So many lines are missing here, because nobody read them fast enough.
        case lost(Int)
    }

    /// When, by the node's wall clock.
    package let wall: WallTime
    package let content: Content

    package init(at wall: WallTime, _ content: Content) {
        self.wall = wall
        self.content = content
    }

    /// What happened; nil for a line that is no event.
    package var event: Event? {
        if case .event(let event) = content { event } else { nil }
    }

    /// The line without its break.
    package var text: String {
        var line = LineWriter()
        line.object {
            $0.field("wall_ms", wall.milliseconds)
            switch content {
            case .listening(let endpoint): $0.field("listening", endpoint)
            case .event(let event): $0.object("event") { $0.event(event) }
            case .lost(let count): $0.field("lost", count)
            }
        }
        return String(decoding: line.bytes, as: UTF8.self)
    }

    /// Reads a line without its break.
    ///
    /// - Parameter number: of the line, from 1, for the error.
    /// - Throws: ``TraceError`` for anything that this program would not write.
    package init(_ bytes: [UInt8], number: Int) throws(TraceError) {
        let line = TraceReader.Line(number: number, bytes: bytes)
        let fields = try FieldReader(try TraceReader.tree(line), line: number, what: "the line")
        wall = WallTime(milliseconds: try fields.number("wall_ms", in: TraceBounds.wall))
        if fields.has("event") {
            content = .event(try fields.object("event").event())
        } else if fields.has("listening") {
            content = .listening(try fields.endpoint("listening"))
        } else {
            content = .lost(try fields.number("lost", in: 0 ... .max))
        }
        try fields.check(isWrittenAs: Array(text.utf8))
    }
}

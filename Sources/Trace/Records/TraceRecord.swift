import Kernel
import Wire

/// One line of a trace: what a node was told, or what it did.
public struct TraceRecord {
    /// Nanoseconds since the start of the run, or since the start of a real node's driver.
    public var time: Int64
    /// Name of the node.
    public var host: String
    /// What the node's wall clock said; known of inputs.
    public var wall: WallTime?
    public var content: Content
    /// What the node signed while it took an input, where its key is not at hand at a replay.
    package var signed: [SignedBytes] = []
    /// The timers that a `wake` fired.
    package var fired: [FiredTimer] = []

    /// What a line tells.
    public enum Content {
        /// A process begins: its number on this host, from 1, and the seed of its random streams.
        case process(start: UInt64, seed: UInt64)
        /// An incoming connection got its generation; `.accepted` follows.
        case admitted(LinkID, Endpoint)
        case input(Input)
        /// Follows from the input before it.
        case effect(Effect)
    }

    public init(time: Int64, host: String, wall: WallTime? = nil, content: Content) {
        self.time = time
        self.host = host
        self.wall = wall
        self.content = content
    }

    /// The record as one JSON object without a line break; docs/traces.md says what is in it.
    public var jsonLine: String {
        var line = LineWriter()
        write(to: &line)
        return String(decoding: line.bytes, as: UTF8.self)
    }

    /// Writes the record as one JSON object, without a line break.
    package func write(to line: inout LineWriter) {
        line.object {
            $0.seconds("t", nanoseconds: time)
            $0.field("node", host)
            switch content {
            case .process(let start, let seed):
                $0.field("process", start)
                $0.bits("seed", seed)
            case .admitted(let link, let remote):
                $0.field("admitted", link)
                $0.field("remote", remote)
            case .input(let input):
                $0.input(input)
                $0.field("wall_ms", (wall ?? WallTime(milliseconds: 0)).milliseconds)
                if !fired.isEmpty {
                    $0.list("fired", fired) { timer, line in
                        line.object {
                            $0.field("module", timer.module)
                            $0.field("timer", timer.timer)
                        }
                    }
                }
                if !signed.isEmpty {
                    $0.list("signed", signed) { signed, line in line.object { $0.signed(signed) } }
                }
            case .effect(let effect): $0.effect(effect)
            }
        }
    }
}

/// A signature that a node made, and of what.
package struct SignedBytes: Sendable, Hashable {
    /// SHA-256 of what was signed, in hexadecimal digits.
    package var digest: String
    package var signature: Signature

    package init(digest: String, signature: Signature) {
        self.digest = digest
        self.signature = signature
    }
}

/// One line of a trace as it was read. Of an effect only that it is one is known: a replay compares it as text.
package struct TraceEntry: Sendable {
    /// Line in the file, from 1.
    package let line: Int
    /// Nanoseconds since the start of the run.
    package let time: Int64
    /// Name of the node.
    package let node: String
    package let content: Content

    package enum Content: Sendable {
        case process(start: UInt64, seed: UInt64)
        case admitted(LinkID, Endpoint)
        indirect case input(Input, wall: WallTime, fired: [FiredTimer], signed: [SignedBytes])
        case effect
        indirect case checkpoint(NodeCheckpoint)
    }

    /// The record as this program writes it; nil for an effect.
    var written: [UInt8]? {
        var line = LineWriter()
        var record = TraceRecord(time: time, host: node, content: .input(.wake))
        switch content {
        case .effect: return nil
        case .checkpoint(let checkpoint):
            line.checkpoint(checkpoint, time: time, node: node)
            return line.bytes
        case .process(let start, let seed): record.content = .process(start: start, seed: seed)
        case .admitted(let link, let remote): record.content = .admitted(link, remote)
        case .input(let input, let wall, let fired, let signed):
            record.content = .input(input)
            record.wall = wall
            record.fired = fired
            record.signed = signed
        }
        record.write(to: &line)
        return line.bytes
    }

    init(_ tree: JSONTree, line: Int) throws(TraceError) {
        let fields = try FieldReader(tree, line: line, what: "the record")
        self.line = line
        time = try fields.seconds("t")
        node = try fields.text("node")
        if fields.has("in") {
            content = .input(
                try fields.input(), wall: WallTime(milliseconds: try fields.number("wall_ms", in: TraceBounds.wall)),
                fired: try fields.optional("fired") { name throws(TraceError) in
                    try fields.list(name) { item throws(TraceError) in
                        FiredTimer(module: try item.text("module"), timer: try item.text("timer"))
                    }
                } ?? [],
                signed: try fields.optional("signed") { name throws(TraceError) in
                    try fields.list(name) { item throws(TraceError) in try item.signed() }
                } ?? []
            )
        } else if fields.has("out") {
            guard LineWriter.effectKinds.contains(try fields.text("out")) else {
                throw TraceError(.unknownKind, line: line, "no effect is called '\(try fields.text("out"))'")
            }
            content = .effect
        } else if fields.has("admitted") {
            content = .admitted(try fields.link("admitted"), try fields.endpoint("remote"))
        } else if fields.has("process") {
            content = .process(
                start: try fields.number("process", in: TraceBounds.count), seed: try fields.bits("seed")
            )
        } else if fields.has("checkpoint") {
            content = .checkpoint(try fields.object("checkpoint").checkpoint())
        } else {
            throw TraceError(
                .unknownKind, line: line,
                "the record says nothing known: it has none of 'in', 'out', 'admitted', 'process', 'checkpoint'"
            )
        }
    }
}

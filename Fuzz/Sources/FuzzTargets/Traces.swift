import Wire

@testable import Kernel
@testable import Trace

extension FuzzTarget {
    /// A trace that somebody sent: it is read to its end or refused with a line. An input that was read is written as a
    /// line that reads as the same.
    static let traces = FuzzTarget(
        name: "traces",
        seeds: {
            let inputs: [Input] =
                [.start, .wake, .shutdown, .openFailed(LinkID(number: 1), .reset), .workAhead(upTo: .seconds(1))]
                + Samples.messages.map { .received(LinkID(number: 2), $0.message) }
                + [
                    .opened(LinkID(number: 3), identity: Samples.peer), .persisted(WriteToken(number: 4)),
                    .verified(Token(number: 5), .checked(SignatureVerdicts([true]))),
                    .ended(LinkID(number: 6), .endOfStream),
                ]
            let all = TraceText.whole(inputs)
            return [
                Seed(name: "all", bytes: all), Seed(name: "least", bytes: TraceText.whole([.start])),
                Seed(name: "handshake", bytes: TraceText.whole(Array(inputs[5..<9]))),
            ]
        },
        run: { bytes in
            do {
                var rest = bytes[...]
                var reader = try TraceReader {
                    defer { rest = rest.dropFirst(1 << 12) }
                    return Array(rest.prefix(1 << 12))
                }
                while let line = try reader.next() { TraceText.check(try TraceReader.entry(line)) }
            } catch {
                promise(!"\(error)".isEmpty, "a trace is refused without a word")
            }
        }
    )
}

private enum TraceText {
    /// A trace of these inputs at one node.
    static func whole(_ inputs: [Input]) -> [UInt8] {
        var lines = LineWriter()
        header.write(to: &lines)
        var text = lines.bytes + [0x0a]
        for (second, input) in inputs.enumerated() {
            let record = TraceRecord(
                time: Int64(second) * 1_000_000_000, host: "n1", wall: WallTime(milliseconds: 5),
                content: .input(input)
            )
            text += Array(record.jsonLine.utf8) + [0x0a]
        }
        var content = ByteDigest()
        content.add(text)
        return text + TraceEnd(records: inputs.count, digest: nil).line(closing: content)
    }

    /// Writing what was read and reading it again changes nothing.
    static func check(_ entry: TraceEntry) {
        guard case .input(let input, let wall, _, _) = entry.content else { return }
        let line = line(input, wall, entry)
        do {
            let again = try TraceReader.entry(TraceReader.Line(number: 2, bytes: line))
            guard case .input(let input, let wall, _, _) = again.content else {
                fatalError("an input became another line")
            }
            promise(self.line(input, wall, again) == line, "an input changes as it is written and read")
        } catch {
            fatalError("what is written cannot be read: \(error)")
        }
    }

    private static func line(_ input: Input, _ wall: WallTime, _ entry: TraceEntry) -> [UInt8] {
        Array(TraceRecord(time: entry.time, host: entry.node, wall: wall, content: .input(input)).jsonLine.utf8)
    }

    private static let header = TraceHeader(
        program: "timenode 0", source: .node,
        profiles: [TraceHeader.Profile(name: "p", path: "p.yaml", digest: "00", text: "node: {}\n")],
        networks: [
            NetworkView(
                name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10), minimumMasternodes: 1,
                masternodes: [.init(name: "n1", identity: Samples.own, endpoint: Samples.endpoint(1))],
                bootstrap: [Samples.endpoint(2)]
            )
        ],
        nodes: [
            TraceHeader.Node(
                name: "n1", identity: Samples.own, endpoint: Samples.endpoint(1), connectTimeout: .seconds(10),
                profile: 0, network: 0
            )
        ]
    )
}

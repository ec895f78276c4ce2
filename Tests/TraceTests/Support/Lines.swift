import Foundation
import Kernel
import Profile
import Testing
import Wire

@testable import Trace

/// Writes and reads traces in memory.
enum Lines {
    static func entry(_ record: TraceRecord) throws -> TraceEntry {
        try TraceReader.entry(TraceReader.Line(number: 2, bytes: Array(record.jsonLine.utf8)))
    }

    static func header(_ source: TraceHeader.Source = .node, text: String = "node: {}\n") -> TraceHeader {
        TraceHeader(
            program: "timenode 0", source: source,
            profiles: [TraceHeader.Profile(name: "p", path: "p.yaml", digest: sha256Hex(Array(text.utf8)), text: text)],
            networks: [
                NetworkView(
                    name: Samples.hostile, genesis: WallTime(milliseconds: -62_135_596_800_000),
                    slotInterval: .milliseconds(100),
                    minimumMasternodes: 1,
                    masternodes: [
                        NetworkView.Masternode(name: "n1", identity: Samples.identity, endpoint: Samples.six),
                        NetworkView.Masternode(
                            name: "n2", identity: Identity(key: Bytes32(0, 0, 0, 2)), endpoint: nil,
                            hostName: HostName("n2.example:1")
                        ),
                    ],
                    bootstrap: [Samples.four], bootstrapNames: ["b.example:24100"].compactMap { HostName($0) }
                )
            ],
            nodes: [
                TraceHeader.Node(
                    name: "n1", identity: Samples.identity, endpoint: Samples.four, connectTimeout: .seconds(10),
                    profile: 0, network: 0
                )
            ]
        )
    }

    static func text(of header: TraceHeader) -> String {
        var line = LineWriter()
        header.write(to: &line)
        return String(decoding: line.bytes, as: UTF8.self)
    }

    /// A whole trace of these inputs, a second apart.
    static func trace(_ inputs: [Input], header: TraceHeader = header(), digest: String? = nil) -> [String] {
        closed(
            [text(of: header)]
                + inputs.enumerated().map { second, input in
                    TraceRecord(
                        time: Int64(second) * 1_000_000_000, host: "n1", wall: WallTime(milliseconds: 5),
                        content: .input(input)
                    ).jsonLine
                }, digest: digest
        )
    }

    /// These lines and the last one that belongs below them.
    static func closed(_ lines: [String], digest: String? = nil) -> [String] {
        var content = ByteDigest()
        for line in lines { content.add(Array("\(line)\n".utf8)) }
        let end = TraceEnd(records: lines.count - 1, digest: digest).line(closing: content)
        return lines + [String(decoding: end.dropLast(), as: UTF8.self)]
    }

    /// A reader of bytes that come `chunk` at a time.
    static func reader(_ bytes: [UInt8], chunk: Int = 1 << 16) throws(TraceError) -> TraceReader {
        var rest = bytes[...]
        return try TraceReader {
            defer { rest = rest.dropFirst(chunk) }
            return Array(rest.prefix(chunk))
        }
    }

    static func reader(_ lines: [String], chunk: Int = 1 << 16) throws(TraceError) -> TraceReader {
        try reader(Array(lines.map { $0 + "\n" }.joined().utf8), chunk: chunk)
    }

    /// Every record of a trace.
    static func entries(_ reader: inout TraceReader) throws(TraceError) -> [TraceEntry] {
        var entries: [TraceEntry] = []
        while let line = try reader.next() { entries.append(try TraceReader.entry(line)) }
        return entries
    }

    /// What reading all of it throws.
    static func error(_ bytes: [UInt8]) -> TraceError? {
        do throws(TraceError) {
            var reader = try reader(bytes)
            _ = try entries(&reader)
            return nil
        } catch {
            return error
        }
    }
}

import Foundation
import Kernel
import Testing
import Wire

@testable import Trace

@Suite("Records of a trace") struct RecordRoundTripTests {
    /// Whether two inputs are the same value. The numbers tell kinds apart, so that a new one needs a sample.
    private static func same(_ left: Input, _ right: Input) -> Bool {
        switch (left, right) {
        case (.start, .start), (.wake, .wake), (.shutdown, .shutdown): true
        case (.opened(let one, let key), .opened(let other, let otherKey)),
            (.accepted(let one, let key), .accepted(let other, let otherKey)):
            one == other && key == otherKey
        case (.openFailed(let one, let reason), .openFailed(let other, let otherReason)):
            one == other && reason == otherReason
        case (.received(let one, let message), .received(let other, let otherMessage)):
            one == other && message == otherMessage
        case (.ended(let one, let end), .ended(let other, let otherEnd)): one == other && end == otherEnd
        case (.resolved(let one, let result), .resolved(let other, let otherResult)):
            one == other && result == otherResult
        case (.progress(let one), .progress(let other)): one == other
        case (.workAhead(let one), .workAhead(let other)): one == other
        case (.persisted(let one), .persisted(let other)): one == other
        case (.persistFailed(let one, let failure), .persistFailed(let other, let otherFailure)):
            one == other && same(failure, otherFailure)
        case (.readFailed(let one, let failure), .readFailed(let other, let otherFailure)):
            one == other && same(failure, otherFailure)
        case (.rows(let one, let answer), .rows(let other, let otherAnswer)): one == other && answer == otherAnswer
        case (.verified(let one, let result), .verified(let other, let otherResult)):
            one == other && result == otherResult
        case (.submitted(let one, let bytes), .submitted(let other, let otherBytes)):
            one == other && bytes == otherBytes
        default: false
        }
    }

    private static func kind(_ input: Input) -> Int {
        switch input {
        case .start: 0
        case .opened: 1
        case .openFailed: 2
        case .accepted: 3
        case .received: 4
        case .ended: 5
        case .persisted: 6
        case .persistFailed: 7
        case .rows: 8
        case .verified: 9
        case .wake: 10
        case .shutdown: 11
        case .workAhead: 12
        case .progress: 13
        case .resolved: 14
        case .submitted: 15
        case .readFailed: 16
        }
    }

    private static func same(_ left: StoreFailure, _ right: StoreFailure) -> Bool {
        left.code == right.code && Array(left.message.utf8) == Array(right.message.utf8)
    }

    private static func kind(_ message: Message) -> Int {
        switch message {
        case .hello: 0
        case .helloAck: 1
        case .proof: 2
        case .ready: 3
        case .goodbye: 4
        case .ping: 5
        case .pong: 6
        case .module: 7
        case .busy: 8
        case .dialability: 9
        case .otherProcess: 10
        }
    }

    @Test("there is a sample of every kind of input and of every kind of message")
    func coverage() {
        #expect(Set(Samples.inputs.map(Self.kind)) == Set(0..<17))
        #expect(Set(Samples.messages.map(Self.kind)) == Set(0..<11))
    }

    @Test("every input reads back as the value that was written, in one line that any JSON reader takes")
    func inputs() throws {
        for input in Samples.inputs {
            var record = TraceRecord(
                time: 9_007_199_254_740_993, host: Samples.hostile, wall: WallTime(milliseconds: 253_402_300_799_999),
                content: .input(input)
            )
            record.fired = [
                FiredTimer(module: "discovery peer-fill", timer: "pass"), FiredTimer(module: "x", timer: "y"),
            ]
            record.signed = [SignedBytes(digest: "00ff", signature: Samples.signature)]
            let line = record.jsonLine
            #expect(!line.contains("\n"))
            let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(json?["node"] as? String == Samples.hostile)
            let entry = try Lines.entry(record)
            #expect(entry.time == 9_007_199_254_740_993)
            #expect(entry.node == Samples.hostile)
            guard case .input(let read, let wall, let fired, let signed) = entry.content else {
                Issue.record("\(line) is no input")
                continue
            }
            #expect(Self.same(read, input), "\(line)")
            #expect(wall == WallTime(milliseconds: 253_402_300_799_999))
            #expect(signed == record.signed)
            #expect(fired == record.fired)
        }
    }

    @Test(
        "a process start and an admission read back",
        arguments: [0, 1, 999_999_999, 1_000_000_000, 3_155_760_000_000_000_000])
    func others(time: Int64) throws {
        let start = try Lines.entry(TraceRecord(time: time, host: "a", content: .process(start: 3, seed: .max)))
        #expect(start.time == time)
        guard case .process(3, .max) = start.content else {
            Issue.record("\(start)")
            return
        }
        let content = TraceRecord.Content.admitted(LinkID(number: 1 << 62), Samples.six)
        let admission = try Lines.entry(TraceRecord(time: time, host: "a", content: content))
        guard case .admitted(LinkID(number: 1 << 62), Samples.six) = admission.content else {
            Issue.record("\(admission)")
            return
        }
    }

    @Test("a checkpoint reads back as the same text, the modules' states included")
    func checkpoint() throws {
        var line = LineWriter()
        line.checkpoint(Samples.checkpoint(), time: 5, node: "a")
        let entry = try TraceReader.entry(TraceReader.Line(number: 2, bytes: line.bytes))
        guard case .checkpoint(let read) = entry.content else {
            Issue.record("no checkpoint")
            return
        }
        let written = line.bytes
        line.clear()
        line.checkpoint(read, time: 5, node: "a")
        #expect(line.bytes == written)
        #expect(read.writes == Samples.checkpoint().writes)
        #expect(read.links == Samples.checkpoint().links)
        #expect(read.modules == Samples.checkpoint().modules)
    }

    @Test("a header reads back as the same value, of a simulation with and without load and of a real node")
    func headers() throws {
        let load = TraceHeader.Traffic(requestBytes: 1, replyBytes: 1_000_000, interval: .seconds(86_400))
        for traffic in [load, nil] {
            let scenario = TraceHeader.Scenario(name: Samples.hostile, seed: .max, traffic: traffic)
            let header = Lines.header(.simulation(scenario), text: "a: \"b\"\n\tc\n")
            #expect(try Lines.reader([Lines.text(of: header)]).header == header)
        }
        #expect(try Lines.reader([Lines.text(of: Lines.header())]).header == Lines.header())
    }

    @Test("records come out one by one, however the file's bytes come in", arguments: [1, 7, 1 << 16])
    func chunks(size: Int) throws {
        var reader = try Lines.reader(Lines.trace(Samples.inputs, digest: "d"), chunk: size)
        let entries = try Lines.entries(&reader)
        #expect(entries.map(\.line) == Array(2..<(2 + Samples.inputs.count)))
        #expect(reader.end == TraceEnd(records: Samples.inputs.count, digest: "d"))
    }
}

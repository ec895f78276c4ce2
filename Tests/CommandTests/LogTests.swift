import Foundation
import Kernel
import Logging
import Synchronization
import Testing
import Wire

@testable import TimenodeCommands

@Suite("The log") struct LogTests {
    private let time = WallTime(milliseconds: 1_765_941_780_050)

    @Test("a line of text has a UTC time with milliseconds, a level and the message") func text() {
        let line = LogFormat.text.line(
            at: time, level: .info, message: "Peer check: 4 connected", metadata: ["b": "2", "a": "1"]
        )
        #expect(line == "2025-12-17T03:23:00.050Z info    Peer check: 4 connected a=1 b=2")
        let whole = LogFormat.text.line(
            at: WallTime(milliseconds: 1_765_941_780_000), level: .warning, message: "x", metadata: [:]
        )
        #expect(whole == "2025-12-17T03:23:00.000Z warning x")
        let tenth = LogFormat.text.line(
            at: WallTime(milliseconds: 1_765_941_780_500), level: .info, message: "x", metadata: [:]
        )
        #expect(tenth == "2025-12-17T03:23:00.500Z info    x")
    }

    @Test("a line of JSON is one object with the metadata in it") func json() throws {
        let line = LogFormat.json.line(
            at: time, level: .info, message: "Peer \"x\"\nleft", metadata: ["reason": "end-of-stream"]
        )
        #expect(
            line == #"{"time":"2025-12-17T03:23:00.050Z","level":"info","message":"Peer \"x\"\nleft","#
                + #""metadata":{"reason":"end-of-stream"}}"#
        )
    }

    @Test("a message cannot forge a line or move the cursor") func forgery() {
        let line = LogFormat.text.line(at: time, level: .info, message: "a\nb\u{1B}[2Jc", metadata: ["k": "v\r\nw"])
        #expect(!line.contains("\n") && !line.contains("\r") && !line.contains("\u{1B}"))
    }

    @Test("lines come out whole and in order") func order() {
        let written = Mutex("")
        let sink = LogSink { text in written.withLock { $0 += text } }
        for number in 0..<1_000 { sink.append("\(number)") }
        sink.flush()
        #expect(written.withLock { $0 } == (0..<1_000).map { "\($0)\n" }.joined())
    }

    @Test("a reader who does not read loses the newest lines and is told how many") func slowReader() {
        let written = Mutex<[String]>([])
        let gate = DispatchSemaphore(value: 0)
        let entered = DispatchSemaphore(value: 0)
        let sink = LogSink { text in
            entered.signal()
            gate.wait()
            written.withLock { $0.append(text) }
        }
        sink.append("first")
        entered.wait()
        for number in 0..<(LogSink.limit + 7) { sink.append("\(number)") }
        gate.signal()
        gate.signal()
        sink.flush()
        let texts = written.withLock { $0 }
        #expect(texts.first == "first\n")
        #expect(
            texts.last?.hasSuffix("\(LogSink.limit - 1)\n7 log lines dropped: nobody reads stderr fast enough\n")
                == true)
    }

    @Test("a flood of events is cut at two hundred lines in ten seconds, and counted") func gate() {
        var gate = LogGate()
        for _ in 0..<LogGate.lines { #expect(gate.admit(at: .zero) == .write(leftOutBefore: 0)) }
        for _ in 0..<50 { #expect(gate.admit(at: .zero) == .leaveOut) }
        #expect(gate.admit(at: Instant(nanoseconds: 10_000_000_000)) == .write(leftOutBefore: 50))
        #expect(gate.admit(at: Instant(nanoseconds: 10_000_000_001)) == .write(leftOutBefore: 0))
    }

    @Test("a peer that stays away is told of ever more rarely, and afresh once it was there") func repeatedFailures() {
        let endpoint = Endpoint(ip: IPAddress(version4: 10 << 24 | 2), port: 24_100)
        let identity = Identity(key: Bytes32(2, 0, 0, 0))
        let network = NetworkView(
            name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1), minimumMasternodes: 1,
            masternodes: [.init(name: "two", identity: identity, endpoint: endpoint)]
        )
        var failures = RepeatedFailures(network: network)
        let failed = Event.dialFailed(LinkID(number: 1), endpoint, .connectionRefused)
        let told = (1...20).filter { _ in failures.note(failed)?.isTold == true }
        #expect(told == [1, 2, 4, 8, 16])
        #expect(failures.note(.dialFailed(LinkID(number: 2), endpoint, .connectTimeout))?.count == 1)
        let caller = Endpoint(ip: endpoint.ip, port: 50_000)
        #expect(failures.note(.linkUp(LinkID(number: 3), identity, caller, .accepted)) == nil)
        #expect(failures.note(.dialFailed(LinkID(number: 4), endpoint, .connectTimeout))?.count == 1)
    }
}

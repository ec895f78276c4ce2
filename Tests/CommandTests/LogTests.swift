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
        let sink = LogSink { text in
            written.withLock { $0 += text }
            return true
        }
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
            return true
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
        #expect(sink.dropped == 7)
    }

    @Test("a reader who never reads again does not keep the process from ending") func deafReader() {
        let gate = DispatchSemaphore(value: 0)
        let sink = LogSink { _ in
            gate.wait()
            return true
        }
        sink.append("a line")
        #expect(!sink.flush())
        gate.signal()
        gate.signal()
    }

    @Test("lines that a reader who went away did not take are counted") func goneReader() {
        let sink = LogSink { _ in false }
        for number in 0..<5 { sink.append("\(number)") }
        #expect(sink.flush())
        #expect(sink.dropped == 5)
    }

    private static let member = Identity(key: Bytes32(2, 0, 0, 0))
    private static let network = NetworkView(
        name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1), minimumMasternodes: 1,
        masternodes: [.init(name: "two", identity: member, endpoint: endpoint(2))]
    )

    private static func endpoint(_ host: UInt32) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 10 << 24 | host), port: 24_100)
    }

    private static func refusal(from host: UInt32, claiming identity: Identity? = nil) -> LogOrigin {
        let caller = Endpoint(ip: IPAddress(version4: 10 << 24 | host), port: 50_000)
        return LogOrigin(of: .refused(LinkID(number: 1), identity, caller, .badSignature), in: network)
    }

    @Test("strangers write twenty lines of one kind from one network in ten seconds, and sixty of one kind in all")
    func gate() {
        var gate = LogGate()
        let told = { (host: UInt32) in
            (0..<100).count { _ in gate.admit(Self.refusal(from: host), at: .zero).isWritten }
        }
        #expect((1...5).map { told($0 << 8) } == [20, 20, 20, 0, 0])
        // One of another kind is told all the same.
        let rejected = LogOrigin(of: .blockRejected(Identity(key: .zero), .wrongLeader), in: Self.network)
        #expect(gate.admit(rejected, at: .zero).isWritten)
        let (isWritten, summaries) = gate.admit(rejected, at: Instant(nanoseconds: 10_000_000_000))
        #expect(isWritten)
        #expect(summaries == ["440 log lines left out: too many of 'refused' in ten seconds"])
        #expect(gate.admit(rejected, at: Instant(nanoseconds: 10_000_000_001)).summaries.isEmpty)
        #expect(gate.total == 440)
    }

    @Test("what the node itself does is told in any flood, and so are its masternodes' links")
    func ownLines() {
        var gate = LogGate()
        for host in UInt32(1)...40 {
            for _ in 0..<50 { _ = gate.admit(Self.refusal(from: host << 8, claiming: Self.member), at: .zero) }
        }
        let own: [Event] = [
            .blockProduced(height: 1, hash: .genesis, slot: 1), .ownSlotSkipped(slot: 2, .catchingUp),
            .peerCheck(connected: 1, masternodes: 2, slots: 3),
            .linkUp(LinkID(number: 9), Self.member, Self.endpoint(2), .accepted),
            .linkEnded(
                LinkID(number: 9), Self.member, Self.endpoint(2), .reset, .transport, wasUp: true, direction: .accepted
            ),
            .refused(LinkID(number: 10), Self.member, Self.endpoint(2), .identityInUse),
            .note(.warning, "slot 7 comes again: this host's wall clock was set back"),
        ]
        for event in own {
            #expect(gate.admit(LogOrigin(of: event, in: Self.network), at: .zero).isWritten, "\(event)")
        }
        // Blocks come as often as their slots, whatever the window.
        for slot in UInt64(0)..<1_000 {
            let block = LogOrigin(of: .blockProduced(height: slot, hash: .genesis, slot: slot), in: Self.network)
            #expect(gate.admit(block, at: .zero).isWritten)
        }
    }

    @Test("notes that differ in their numbers are of one kind, others are not")
    func noteKinds() {
        let shape = { LogOrigin(of: .note(.warning, $0), in: Self.network).kind }
        #expect(shape("link #7 ends: frame at stream byte 0") == shape("link #89 ends: frame at stream byte 12"))
        #expect(shape("link #7 ends: frame at stream byte 0") != shape("the store refused: it is full"))
        #expect(shape("") == "warning: ")
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

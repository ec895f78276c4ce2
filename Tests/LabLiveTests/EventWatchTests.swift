import Kernel
import Testing
import Trace
import Wire

@testable import LabLive

@Suite("The events of a node") struct EventWatchTests {
    private static let peer = Identity(key: Bytes32(1, 2, 3, 4))
    private static let remote = Endpoint(ip: IPAddress(version4: 10 << 24 | 77 << 16 | 258), port: 24_100)
    private let up = EventLine(
        at: WallTime(milliseconds: 1_765_941_780_123), .event(.linkUp(LinkID(number: 7), peer, remote, .dialled))
    )
    private let lost = EventLine(
        at: WallTime(milliseconds: 1_765_941_840_500),
        .event(.linkEnded(LinkID(number: 7), peer, remote, .timedOut, .transport, wasUp: true, direction: .dialled))
    )

    @Test("lines are put together from pieces, and what is no event is kept apart")
    func pieces() {
        let watch = EventWatch()
        let text = Array("\(up.text)\nnot a line\n\(lost.text)\n".utf8)
        for piece in [text[..<20], text[20..<200], text[200...]] { watch.take(piece) }
        #expect(watch.lines == [up, lost])
        #expect(watch.lines.map(\.isLinkUp) == [true, false])
        #expect(watch.lines.map(\.lossReason) == [nil, .timedOut])
        #expect(watch.complaints.hasPrefix("2: error: ") && watch.complaints.hasSuffix(": not a line"))
    }

    @Test("a reader gets the lines that were there before it came and those that come after")
    func reading() async throws {
        let watch = EventWatch()
        watch.take(Array((up.text + "\n").utf8))
        async let line = watch.first("an end", within: .seconds(60), where: \.isLinkLost)
        watch.take(Array((lost.text + "\n").utf8))
        #expect(try await line == lost)
    }

    @Test("who waits for an event of a node that ended is told so, with the node's complaint")
    func ending() async {
        let watch = EventWatch()
        watch.complain(Array("node.yaml:1:1: error: no such key\n".utf8))
        watch.take([])
        let error = await #expect(throws: LiveError.self) {
            try await watch.first("a link", within: .seconds(60), where: \.isLinkUp)
        }
        #expect(error?.code == .nodeEnded)
        #expect(error?.message.hasSuffix("no such key") == true)
    }

    @Test("of what a node complains about without end the newest is kept")
    func endlessComplaint() {
        let watch = EventWatch()
        for number in 0..<20_000 { watch.complain(Array("complaint \(number)\n".utf8)) }
        #expect(watch.complaints.utf8.count < 1 << 17)
        #expect(watch.complaints.hasSuffix("complaint 19999"))
    }

    @Test("who waits for an event that does not come is told so in time")
    func waiting() async {
        let error = await #expect(throws: LiveError.self) {
            try await EventWatch().first("a link", within: .milliseconds(10), where: \.isLinkUp)
        }
        #expect(error?.code == .timedOut)
    }
}

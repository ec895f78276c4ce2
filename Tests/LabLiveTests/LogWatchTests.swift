import Testing

@testable import LabLive

@Suite("The log of a node") struct LogWatchTests {
    private let up =
        #"{"time":"2025-12-17T03:23:00.123Z","level":"info","message":"Connected to peer: 10.77.1.2","#
        + #""metadata":{"link":"7","peer":"ab"}}"#
    private let lost =
        #"{"time":"2025-12-17T03:24:00.5Z","level":"info","message":"Peer 10.77.1.2 disconnected (timed-out)","#
        + #""metadata":{"link":"7","peer":"ab","reason":"timed-out"}}"#

    @Test("lines are put together from pieces, and what is no line is kept apart")
    func pieces() {
        let watch = LogWatch()
        let text = Array("\(up)\nnot a line\n\(lost)\n".utf8)
        for piece in [text[..<20], text[20..<200], text[200...]] { watch.take(piece) }
        #expect(watch.lines.map(\.isLinkUp) == [true, false])
        #expect(watch.lines.map(\.isLinkLost) == [false, true])
        #expect(watch.lines.last?["reason"] == "timed-out")
        #expect(watch.lines.map(\.time.milliseconds) == [1_765_941_780_123, 1_765_941_840_500])
        #expect(watch.complaints == "not a line")
    }

    @Test("a reader gets the lines that were there before it came and those that come after")
    func reading() async throws {
        let watch = LogWatch()
        watch.take(Array((up + "\n").utf8))
        async let line = watch.first("an end", within: .seconds(60), where: \.isLinkLost)
        watch.take(Array((lost + "\n").utf8))
        #expect(try await line["link"] == "7")
    }

    @Test("who waits for a line of a node that ended is told so, with the node's complaint")
    func ending() async {
        let watch = LogWatch()
        watch.take(Array("node.yaml:1:1: error: no such key\n".utf8))
        watch.take([])
        let error = await #expect(throws: LiveError.self) {
            try await watch.first("a link", within: .seconds(60), where: \.isLinkUp)
        }
        #expect(error?.code == .nodeEnded)
        #expect(error?.message.contains("no such key") == true)
    }

    @Test("who waits for a line that does not come is told so in time")
    func waiting() async {
        let error = await #expect(throws: LiveError.self) {
            try await LogWatch().first("a link", within: .milliseconds(10), where: \.isLinkUp)
        }
        #expect(error?.code == .timedOut)
    }
}

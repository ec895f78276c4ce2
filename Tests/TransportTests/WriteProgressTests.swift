import NIOCore
import Testing

@testable import Transport

@Suite("Whether what waits to be sent gets on") struct WriteProgressTests {
    private func at(_ seconds: Int64) -> NIODeadline { .uptimeNanoseconds(UInt64(seconds * 1_000_000_000)) }

    @Test("4 MiB over a path of 1 Mbit/s, 33 s long, never wait as long as a second look")
    func slowPath() {
        var progress = WriteProgress(at: at(0), .init(buffered: 4 << 20))
        for second in Int64(1)...33 {
            let left = max(0, (4 << 20) - 125_000 * Int(second))
            let hasMoved = progress.see(.init(buffered: left), at: at(second))
            #expect(hasMoved)
            #expect(progress.wait(at: at(second)) == .zero)
        }
    }

    @Test("bytes that the other end acknowledges count where the host's TCP takes nothing more for long")
    func acknowledged() {
        var progress = WriteProgress(at: at(0), .init(buffered: 1000, acknowledged: 10))
        progress.see(.init(buffered: 1000, acknowledged: 11), at: at(20))
        #expect(progress.wait(at: at(25)) == .seconds(5))
        progress.see(.init(buffered: 1000, acknowledged: 11), at: at(40))
        #expect(progress.wait(at: at(40)) == .seconds(20))
    }

    @Test("what is written on top is neither progress nor a step back")
    func more() {
        var progress = WriteProgress(at: at(0), .init(buffered: 1000))
        progress.wrote(buffered: 5000)
        let hasMoved = progress.see(.init(buffered: 5000), at: at(10))
        #expect(!hasMoved)
        #expect(progress.wait(at: at(10)) == .seconds(10))
        progress.see(.init(buffered: 4999), at: at(11))
        #expect(progress.wait(at: at(12)) == .seconds(1))
    }
}

import Testing
import Wire

@testable import Transport

@Suite struct SendQueueTests {
    @Test("messages are counted until they have left")
    func counts() {
        var queue = SendQueue(limit: 100)
        #expect(queue.offer(60, on: .consensus) == .queued)
        #expect(queue.offer(40, on: .links) == .queued)
        #expect(queue.pendingBytes == 100)
        queue.release(60)
        #expect(queue.pendingBytes == 40)
        #expect(queue.offer(60, on: .consensus) == .queued)
    }

    @Test("a message that does not fit is dropped on the application's channel only")
    func full() {
        var queue = SendQueue(limit: 100)
        #expect(queue.offer(90, on: .consensus) == .queued)
        #expect(queue.offer(11, on: .application) == .dropped)
        for channel in Channel.allCases where channel != .application {
            #expect(queue.offer(11, on: channel) == .full)
        }
        #expect(queue.pendingBytes == 90)
        #expect(queue.offer(10, on: .application) == .queued)
    }

    @Test("a message longer than the limit leaves where nothing else waits")
    func longerThanLimit() {
        var queue = SendQueue(limit: 100)
        #expect(queue.offer(500, on: .consensus) == .queued)
        #expect(queue.offer(1, on: .liveness) == .full)
        queue.release(500)
        #expect(queue.offer(1, on: .liveness) == .queued)
    }
}

import Kernel
import Testing
import Wire

@testable import Transport

@Suite("Readers of a node's events", .timeLimit(.minutes(1))) struct EventHubTests {
    private func publish(_ range: ClosedRange<UInt64>, to hub: EventHub) {
        for id in range {
            hub.publish(.requestSent(id: id), at: Instant(nanoseconds: Int64(id)), wall: WallTime(milliseconds: 0))
        }
    }

    /// `7` for an event, `-3` for a gap of three.
    private func numbers(_ events: [NodeEvent]) -> [Int] {
        events.map { event in
            switch event {
            case .event(let record): Int(record.serial)
            case .gap(let missed): -Int(missed)
            }
        }
    }

    private func take(_ count: Int, from events: NodeEvents) async -> [NodeEvent] {
        var taken: [NodeEvent] = []
        var iterator = events.makeAsyncIterator()
        while taken.count < count, let event = await iterator.next() { taken.append(event) }
        return taken
    }

    @Test("each reader gets every event from where it began, in order")
    func order() async throws {
        let hub = EventHub()
        let first = try hub.events(buffering: 10)
        publish(1...3, to: hub)
        let second = try hub.events(buffering: 10)
        publish(4...5, to: hub)
        #expect(numbers(await take(5, from: first)) == [1, 2, 3, 4, 5])
        #expect(numbers(await take(2, from: second)) == [4, 5])
    }

    @Test("a slow reader is told in place how many events it missed")
    func gap() async throws {
        let hub = EventHub()
        let events = try hub.events(buffering: 3)
        publish(1...10, to: hub)
        #expect(numbers(await take(2, from: events)) == [1, 2])
        publish(11...11, to: hub)
        #expect(numbers(await take(3, from: events)) == [3, -7, 11])
        publish(12...12, to: hub)
        #expect(numbers(await take(1, from: events)) == [12])
    }

    @Test("a reader that waits gets the next event, and the end when the node ends")
    func waiting() async throws {
        let hub = EventHub()
        let events = try hub.events(buffering: 3)
        async let taken = take(3, from: events)
        publish(1...2, to: hub)
        hub.close()
        #expect(numbers(await taken) == [1, 2])
        #expect(await take(1, from: try hub.events(buffering: 3)).isEmpty)
    }

    @Test("a reader whose task is cancelled ends")
    func cancelled() async throws {
        let hub = EventHub()
        let events = try hub.events(buffering: 3)
        let task = Task { await take(1, from: events) }
        task.cancel()
        #expect(await task.value.isEmpty)
    }

    @Test("readers that went away make room; beyond the limit one is refused")
    func limit() throws {
        let hub = EventHub()
        var readers = try (0..<EventHub.readerLimit).map { _ in try hub.events(buffering: 1) }
        let error = #expect(throws: NodeAPIError.self) { try hub.events(buffering: 1) }
        #expect(error?.code == .tooMany)
        readers.removeLast()
        #expect(hub.readerCount == EventHub.readerLimit - 1)
        readers.append(try hub.events(buffering: 1))
        #expect(readers.count == EventHub.readerLimit)
    }

    @Test("a buffer holds what it is told to, within bounds, and one gap for a run of missed events")
    func buffer() {
        #expect(EventBuffer(limit: 0).limit == 1)
        #expect(EventBuffer(limit: .max).limit == 65_536)
        var buffer = EventBuffer(limit: 2)
        for serial in UInt64(1)...5 {
            buffer.append(
                EventRecord(serial: serial, at: .zero, wall: WallTime(milliseconds: 0), event: .requestSent(id: serial))
            )
        }
        var taken: [NodeEvent] = []
        while let event = buffer.popFirst() { taken.append(event) }
        #expect(numbers(taken) == [1, 2, -3])
        #expect(buffer.isEmpty)
    }
}

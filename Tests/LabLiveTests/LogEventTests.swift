import Kernel
import LabLive
import Testing
import Wire

@testable import TimenodeCommands

/// The lines of the real log, read back.
@Suite("Events out of log lines") struct LogEventTests {
    static let peer = Identity(key: Bytes32(1, 2, 3, 4))
    static let place = Endpoint(ip: IPAddress(version4: 198 << 24 | 18 << 16 | 2), port: 24_100)
    static let hash = BlockHash(bytes: Bytes32(9, 8, 7, 6))
    static let link = LinkID(number: 7)

    static let events: [Event] = [
        .dialStarted(link, place, peer), .dialFailed(link, place, .connectionRefused), .handshakeBegun(link),
        .linkUp(link, peer, place, .accepted),
        .linkEnded(link, peer, place, .timedOut, .transport, wasUp: true, direction: .dialled),
        .linkEnded(link, nil, place, .handshakeTimeout, .us, wasUp: false, direction: .accepted),
        .linkEnded(link, peer, place, .endOfStream, .peer, wasUp: true, direction: .accepted),
        .refused(link, peer, place, .identityInUse), .takeover(old: LinkID(number: 6), new: link, peer),
        .peerCheck(connected: 5, masternodes: 6, slots: 12), .requestSent(id: 12),
        .requestAnswered(id: 12, after: .milliseconds(83)), .blockProduced(height: 4, hash: hash, slot: 9),
        .blockAccepted(height: 4, hash: hash, slot: 9), .ownSlotSkipped(slot: 3, .catchingUp),
        .reorganised(depth: 2, height: 8, hash: hash), .blockRejected(peer, .badSignature),
        .addressRefused(link, peer, .farFuture), .note(.warning, "something odd"),
    ]

    @Test("each event comes back out of the line that the node wrote of it", arguments: events)
    func roundTrip(_ event: Event) throws {
        let network = NetworkView(
            name: "t", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(1), minimumMasternodes: 1,
            masternodes: []
        )
        let lines = try EventText(network: network).lines(for: event).map { line in
            let text = LogFormat.json.line(
                at: WallTime(milliseconds: 1_765_941_780_123), level: .init(line.level), message: line.message,
                metadata: Dictionary(uniqueKeysWithValues: line.metadata.map { ($0.key, .string($0.value)) })
            )
            return try #require(LogLine(text))
        }
        #expect(lines.compactMap(\.event) == [event])
    }

    @Test("what the program says around its node is no event")
    func program() throws {
        for message in ["timenode 0.1.0, profile p", "Listening on 127.0.0.1:1", "RPC listens on http://x", "Stopped"] {
            let line = try #require(
                LogLine("{\"time\":\"2025-12-17T03:23:00Z\",\"level\":\"info\",\"message\":\"\(message)\"}")
            )
            #expect(line.event == nil)
        }
    }

    @Test("processor time and memory are read whatever the program is called")
    func usage() {
        let stat =
            "12 (a) b) S 1 " + (5...13).map(String.init).joined(separator: " ") + " 150 50 0 0 20 0 3 0 99 7 25 0"
        let usage = ProcessUsage(stat: stat, ticksPerSecond: 100, pageBytes: 4_096)
        #expect(usage == ProcessUsage(cpuSeconds: 2, residentBytes: 102_400))
        #expect(ProcessUsage(stat: "12 (a", ticksPerSecond: 100, pageBytes: 4_096) == nil)
    }
}

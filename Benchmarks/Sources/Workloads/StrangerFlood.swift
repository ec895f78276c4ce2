import Crypto
import NIOCore
import NIOPosix
import Wire

/// Handshakes of strangers, each from a loopback address of its own, ended as soon as the link is up.
public final class StrangerFlood: Sendable {
    /// What came of them.
    public struct Tally: Sendable {
        public var up = 0
        public var failed: [String: Int] = [:]
        public var seconds = 0.0

        public var rate: Double { seconds > 0 ? Double(up) / seconds : 0 }
    }

    private let target: SocketAddress
    private let loop: any EventLoop
    private let tally: NIOLoopBoundBox<Tally>
    private let underWay: NIOLoopBoundBox<Int>
    /// Who they say they are, in turn; empty: somebody new each time.
    private let keys: [Curve25519.Signing.PrivateKey]
    private let calls: NIOLoopBoundBox<Int>

    /// At most so many at a time: what comes beyond is left out and shows in the rate.
    private static let limit = 128

    public init(port: Int, identities: Int) throws {
        keys = (0..<identities).map { _ in Curve25519.Signing.PrivateKey() }
        _ = Crowd.openFilesLimit
        target = try SocketAddress(ipAddress: "127.0.0.1", port: port)
        loop = MultiThreadedEventLoopGroup(numberOfThreads: 1).next()
        tally = NIOLoopBoundBox.makeBoxSendingValue(Tally(), eventLoop: loop)
        underWay = NIOLoopBoundBox.makeBoxSendingValue(0, eventLoop: loop)
        calls = NIOLoopBoundBox.makeBoxSendingValue(0, eventLoop: loop)
    }

    /// Floods for so long, with `rate` handshakes a second, or as many as there can be with 64 under way.
    public func run(seconds: Double, rate: Double?) async throws -> Tally {
        let began = ContinuousClock.now
        var begun = 0
        try await loop.submit { [tally] in tally.value = Tally() }.get()
        while true {
            let elapsed = (ContinuousClock.now - began) / .seconds(1)
            guard elapsed < seconds else { break }
            let due = rate.map { Int($0 * elapsed) - begun }
            let started = try await loop.submit { () -> Int in
                let room = min(due ?? 64, (due == nil ? 64 : Self.limit) - self.underWay.value)
                for _ in 0..<max(0, room) { self.join() }
                return max(0, room)
            }.get()
            // A handshake that found no room is not made up for later.
            begun += due ?? started
            try await Task.sleep(for: .milliseconds(rate == nil ? 1 : 5))
        }
        try await Task.sleep(for: .milliseconds(500))
        var result = try await loop.submit { [tally] in tally.value }.get()
        result.seconds = seconds
        return result
    }

    private func join() {
        underWay.value += 1
        let call = calls.value
        calls.value += 1
        let key = keys.isEmpty ? Curve25519.Signing.PrivateKey() : keys[call % keys.count]
        let sequence = UInt64(keys.isEmpty ? 1 : call / keys.count + 1)
        // 127.1.0.0 to 127.254.255.255: every address there belongs to this host.
        let address = 0x7f00_0000 + UInt32.random(in: 0x1_0000...0xfe_ffff)
        let source = IPAddress(version4: address).description
        let (tally, underWay) = (tally, underWay)
        let ended: @Sendable (StrangerHandshake.Outcome) -> Void = { outcome in
            underWay.value -= 1
            switch outcome {
            case .up: tally.value.up += 1
            case .failed(let why): tally.value.failed[why, default: 0] += 1
            }
        }
        do {
            try ClientBootstrap(group: loop)
                .bind(to: SocketAddress(ipAddress: source, port: 0))
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let listen = Endpoint(ip: IPAddress(version4: address), port: 1)
                        let handshake = StrangerHandshake(
                            key, isSecured: false, listen: listen, sequence: sequence
                        ) { outcome in
                            ended(outcome)
                            channel.close(promise: nil)
                        }
                        try channel.pipeline.syncOperations.addHandler(handshake)
                    }
                }
                .connect(to: target).whenFailure { ended(.failed("\($0)")) }
        } catch {
            ended(.failed("\(error)"))
        }
    }
}

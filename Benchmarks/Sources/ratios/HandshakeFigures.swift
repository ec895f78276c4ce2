import Foundation
import NIOCore
import NIOPosix
import Workloads

/// TLS handshakes a second, both ends on one thread, the contenders in turn.
func handshakeFigures(_ count: Int, repeats: Int) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let names = ["openssl", "bare-nio", "timenode"]
    var rates: [[Double]] = [[], [], []]
    for _ in 0..<repeats {
        rates[0].append(try HandshakeContender.openssl(count))
        rates[1].append(try await HandshakeContender.bareNIO(count, on: loop))
        rates[2].append(try await HandshakeContender.timenode(count, on: loop))
    }
    print(
        "handshakes: TCP connection, TLS 1.3 with an Ed25519 certificate at both ends, close; "
            + "\(count) of them, both ends on one thread, median of \(repeats); \(HandshakeContender.opensslVersion)"
    )
    for (name, own) in zip(names, rates) {
        print("  handshakes/tls/\(name)  \(figure(median(own))) a second")
    }
    for against in [0, 1] {
        let ratio = median(zip(rates[2], rates[against]).map { $0 / $1 })
        print(String(format: "    timenode against %@: %.2f times as many", names[against], ratio))
    }
    try await group.shutdownGracefully()
}

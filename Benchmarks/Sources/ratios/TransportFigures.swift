import Foundation
import NIOCore
import NIOPosix
import Workloads

/// One of those who carry frames.
private struct Contender {
    let name: String
    /// The one it is measured against; nil for those that others are measured against.
    let against: String?
    let run: (Exchange) async throws -> Measured
    var results: [Measured] = []
}

/// Round trips and one-way frames over loopback, both ends on one thread, the contenders in turn.
func transportFigures(_ plan: Exchange, repeats: Int) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    var contenders = [
        Contender(name: "tcp/c-epoll", against: nil) { try EpollContender.run($0) },
        Contender(name: "tcp/bare-nio", against: nil) { try await NIOContender.run($0, tls: false, on: loop) },
        Contender(name: "tcp/timenode", against: "tcp/bare-nio") {
            try await NodeContender.run($0, tls: false, on: loop)
        },
        Contender(name: "tls/bare-nio", against: nil) { try await NIOContender.run($0, tls: true, on: loop) },
        Contender(name: "tls/timenode", against: "tls/bare-nio") {
            try await NodeContender.run($0, tls: true, on: loop)
        },
    ]
    for _ in 0..<repeats {
        for index in contenders.indices { contenders[index].results.append(try await contenders[index].run(plan)) }
    }
    print("transport: frames of \(plan.frameBytes) B over loopback, both ends on one thread, median of \(repeats)")
    for contender in contenders {
        let trip = median(contender.results.map(\.median))
        let frames = median(contender.results.map(\.frames))
        print(
            String(
                format: "  transport/%@/frame=%d  round trip p50 %.1f µs, p99 %.1f µs; one way %@ frames/s, %@ MB/s",
                contender.name, plan.frameBytes, trip / 1000, median(contender.results.map(\.high)) / 1000,
                figure(frames), figure(frames * Double(plan.frameBytes) / 1e6)
            )
        )
        guard let against = contenders.first(where: { $0.name == contender.against }) else { continue }
        let trips = zip(contender.results, against.results).map { $0.median / $1.median }
        let ways = zip(contender.results, against.results).map { $0.frames / $1.frames }
        print(
            String(
                format: "    against %@: round trip %.2f times as long, one way %.2f times as many", against.name,
                median(trips), median(ways)
            )
        )
    }
    try await group.shutdownGracefully()
}

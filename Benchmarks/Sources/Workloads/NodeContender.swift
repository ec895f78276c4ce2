import Kernel
import NIOCore

/// Two whole nodes with the standard modules on one event loop: signed handshake, routing, detector, consensus and all.
public enum NodeContender {
    public static func run(_ plan: Exchange, tls: Bool, on loop: any EventLoop) async throws -> Measured {
        let profile = try LocalNetwork.profile()
        let network = try await LocalNetwork(
            nodes: 2, slotInterval: .seconds(86_400), genesis: WallTime(milliseconds: 1_765_929_600_000), on: loop
        )
        let done = loop.makePromise(of: Measured.self)
        let hosts = (0..<2).map { index in
            let module = index == 0 ? done : nil
            return network.host(
                index, tls: tls, profile: profile, on: loop,
                adjust: { policies in
                    policies.workloads.append(EchoModule(plan, done: module))
                    policies.workloadIDs.append("echo")
                }
            )
        }
        for host in hosts { _ = try await host.start() }
        let limit = loop.scheduleTask(in: .seconds(60)) { done.fail(WorkloadError("the nodes took over a minute")) }
        let measured = await Result { try await done.futureResult.get() }
        limit.cancel()
        for host in hosts { await host.shutdown() }
        return try measured.get()
    }
}

/// Why a workload could not run.
public struct WorkloadError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Result where Failure == any Error {
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

import Crypto
import Kernel
import NIOCore
import NIOPosix
import Profile
import TimenodeCommands
import Transport
import Wire

/// Two whole nodes with the standard modules on one event loop: signed handshake, routing, detector, consensus and all.
public enum NodeContender {
    private static let profile = """
        modules:
          transport: {use: tcp}
          # As fast as it goes: what a peer may say in earnest is not measured.
          links: {use: single-link, single-link: {admission: {rate_messages: 10000000, rate_bytes: 1GiB}}}
          discovery: {use: [masternode-priority]}
          liveness: {use: tcp-keepalive}
          consensus: {use: slot-leader}
          store: {use: memory}
        """

    public static func run(_ plan: Exchange, tls: Bool, on loop: any EventLoop) async throws -> Measured {
        let loader = ProfileLoader(catalogue: Registry.standard.catalogue)
        let outcome = loader.load(text: profile, name: "benchmark.yaml")
        guard let profile = outcome.value else { throw WorkloadError(outcome.renderedDiagnostics()) }
        let keys = [Curve25519.Signing.PrivateKey(), Curve25519.Signing.PrivateKey()]
        let endpoints = [try await freeEndpoint(loop), try await freeEndpoint(loop)]
        var members: [NetworkView.Masternode] = []
        for (index, key) in keys.enumerated() {
            guard let bytes = Bytes32(Array(key.publicKey.rawRepresentation)) else { continue }
            members.append(
                NetworkView.Masternode(
                    name: "n\(index)", identity: Identity(key: bytes), endpoint: endpoints[index]
                )
            )
        }
        let network = NetworkView(
            name: "benchmark", genesis: WallTime(milliseconds: 1_765_929_600_000), slotInterval: .seconds(86_400),
            minimumMasternodes: 2, masternodes: members
        )
        let done = loop.makePromise(of: Measured.self)
        let hosts = zip(keys, endpoints).enumerated().map { index, end in
            let module = index == 0 ? done : nil
            let configuration = HostConfiguration(
                network: network, listen: end.1, advertised: end.1, privateKey: end.0,
                transport: TransportPort(
                    listen: end.1, security: tls ? .tls : .plain, connectTimeout: .seconds(10),
                    sendQueueBytes: 4 << 20
                ),
                modules: {
                    var policies = try Registry.standard.policies(for: profile)
                    policies.applications.append(EchoModule(plan, done: module))
                    policies.applicationIDs.append("echo")
                    return policies
                },
                store: { try Registry.standard.store(for: profile).open(nil) }, seed: UInt64(index + 1)
            )
            return NodeHost(configuration, on: loop)
        }
        for host in hosts { _ = try await host.start() }
        let limit = loop.scheduleTask(in: .seconds(60)) { done.fail(WorkloadError("the nodes took over a minute")) }
        let measured = await Result { try await done.futureResult.get() }
        limit.cancel()
        for host in hosts { await host.shutdown() }
        return try measured.get()
    }

    /// An address that was free a moment ago: both nodes have to know the other's before they start.
    private static func freeEndpoint(_ loop: any EventLoop) async throws -> Endpoint {
        let channel = try await ServerBootstrap(group: loop).bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: UInt16(port))
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
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}

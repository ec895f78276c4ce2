import Crypto
import Kernel
import NIOCore
import NIOPosix
import Profile
import TimenodeCommands
import Transport
import Wire

/// Whole nodes of one network in this process, each on a port of 127.0.0.1.
public struct LocalNetwork: Sendable {
    let keys: [Curve25519.Signing.PrivateKey]
    let endpoints: [Endpoint]
    let view: NetworkView

    init(nodes: Int, slotInterval: Duration, genesis: WallTime, on loop: any EventLoop) async throws {
        var keys: [Curve25519.Signing.PrivateKey] = []
        var endpoints: [Endpoint] = []
        var members: [NetworkView.Masternode] = []
        for index in 0..<nodes {
            let key = Curve25519.Signing.PrivateKey()
            let endpoint = try await Self.freeEndpoint(loop)
            guard let bytes = Bytes32(Array(key.publicKey.rawRepresentation)) else { continue }
            members.append(
                NetworkView.Masternode(name: "n\(index)", identity: Identity(key: bytes), endpoint: endpoint)
            )
            keys.append(key)
            endpoints.append(endpoint)
        }
        self.keys = keys
        self.endpoints = endpoints
        view = NetworkView(
            name: "benchmark", genesis: genesis, slotInterval: slotInterval,
            minimumMasternodes: min(nodes, max(2, nodes - 1)), masternodes: members
        )
    }

    /// What `node.yaml` selects; `links` is a block of options for `single-link`.
    /// The rates are out of the way: what a peer may say in earnest is not measured.
    static func profile(
        links: String = "{admission: {rate_messages: 10000000, rate_bytes: 1GiB}}"
    ) throws -> EffectiveProfile {
        let text = """
            modules:
              transport: {use: tcp}
              links: {use: single-link, single-link: \(links)}
              discovery: {use: [masternode-priority, peer-fill]}
              liveness: {use: tcp-keepalive}
              consensus: {use: slot-leader}
              store: {use: memory}
            """
        let outcome = ProfileLoader(catalogue: Registry.standard.catalogue).load(text: text, name: "benchmark.yaml")
        guard let profile = outcome.value else { throw WorkloadError(outcome.renderedDiagnostics()) }
        return profile
    }

    /// No limit to how fast whoever measures comes in.
    static let openDoor = AcceptLimits(opening: 1024, reserved: 1, perSecond: 1_000_000, perSecondPerSite: 1_000_000)

    /// One of the nodes, not started.
    func host(
        _ index: Int, tls: Bool, profile: EffectiveProfile, on loop: (any EventLoop)?,
        limits: AcceptLimits = AcceptLimits(),
        events: @escaping @Sendable (Event, Instant, WallTime) -> Void = { _, _, _ in },
        adjust: @escaping @Sendable (inout PolicySet) -> Void = { _ in }
    ) -> NodeHost {
        let configuration = HostConfiguration(
            network: view, listen: endpoints[index], advertised: endpoints[index], privateKey: keys[index],
            transport: TransportPort(
                listen: endpoints[index], security: tls ? .tls : .plain, connectTimeout: .seconds(10),
                sendQueueBytes: 4 << 20, limits: limits
            ),
            modules: {
                var policies = try Registry.standard.policies(for: profile)
                adjust(&policies)
                return policies
            },
            store: { try Registry.standard.store(for: profile).open(nil) }, seed: UInt64(index + 1),
            eventSink: events
        )
        return NodeHost(configuration, on: loop)
    }

    /// An address that was free a moment ago: nodes have to know each other's before they start.
    private static func freeEndpoint(_ loop: any EventLoop) async throws -> Endpoint {
        let channel = try await ServerBootstrap(group: loop).bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: UInt16(port))
    }
}

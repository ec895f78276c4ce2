import Application
import Consensus
import Discovery
import Kernel
import Links
import Liveness
import Profile
import Store
import Wire

extension Registry {
    /// The real policies, and stand-ins for the ports: the laboratory needs of a transport only what it declares.
    static let lab = Registry([
        SingleLink.descriptor, SplitRegistry.descriptor,
        MasternodePriority.descriptor, PeerFill.descriptor, StaticPeers.descriptor, Gossip.descriptor,
        DNSSeeds.descriptor,
        PingPong.descriptor, TCPKeepalive.descriptor, Layered.descriptor, PhiAccrual.descriptor, Swim.descriptor,
        NoLiveness.descriptor,
        SlotLeader.descriptor, Traffic.descriptor, MemoryStore.descriptor, StubPorts.lastingStore,
        StubPorts.tcp, StubPorts.http,
    ])
}

/// Descriptors of ports that nothing opens.
enum StubPorts {
    /// The options of the real `tcp`.
    static let tcp = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.transport.rawValue, id: "tcp", version: "1.0.0", stability: .stable, summary: "a stand-in",
            posture: "opens nothing",
            options: OptionSpec([
                .endpoint("listen", default: "0.0.0.0:24100", "where connections are taken in"),
                .duration(
                    "connect_timeout", default: .seconds(10), in: .milliseconds(100) ... .seconds(300),
                    "how long a dial may take"
                ),
                .bytes("send_queue", default: 4 << 20, in: (64 << 10)...(1 << 30), "bytes that may wait"),
            ])
        ),
        factory: .transport {
            TransportPort(
                listen: anywhere, security: .plain, connectTimeout: $0.duration("connect_timeout"),
                sendQueueBytes: $0.bytes("send_queue")
            )
        }
    )

    /// The option of the real `http`.
    static let http = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.rpc.rawValue, id: "http", version: "1.0.0", stability: .beta, summary: "a stand-in",
            posture: "opens nothing",
            options: OptionSpec([.endpoint("listen", default: "127.0.0.1:8332", "where the server listens")])
        ),
        factory: .rpc { _ in
            RPCPort(module: "http", listen: anywhere) { _, _ in throw NodeAPIError(.notSupported, "a stand-in") }
        }
    )

    /// What a disk keeps, for those who ask what that changes: rows outlive the process.
    static let lastingStore = ModuleDescriptor(
        spec: ModuleSpec(
            role: Role.store.rawValue, id: "lasting", version: "1.0.0", stability: .stable, summary: "a stand-in",
            posture: "opens nothing", options: OptionSpec([])
        ),
        factory: .store { _ in StorePort(outlivesProcess: true) { _ in MemoryStore() } }
    )

    private static let anywhere = Endpoint(ip: IPAddress(version4: 0), port: 0)
}

import Crypto
import Kernel
import Wire

/// Everything a host is made from.
public struct HostConfiguration: Sendable {
    /// Who is there, and what all must agree on.
    public var network: NetworkView
    /// Where to take connections in; port 0 leaves the choice to the system.
    public var listen: Endpoint
    /// Where peers are told to dial; port 0 stands for the port that is bound.
    public var advertised: Endpoint
    /// The identity's key. It signs handshakes and blocks, and the certificate under TLS.
    public var privateKey: Curve25519.Signing.PrivateKey
    /// How bytes travel.
    public var transport: TransportPort
    /// Makes the policies. Called once, on the host's event loop, before anything is bound.
    public var modules: @Sendable () throws -> PolicySet
    /// Opens the store. Called once, on the thread that every later call of the store is made on.
    public var store: @Sendable () throws -> any StoreBackend
    /// Every random stream of the node derives from it; draw it from the system's entropy.
    public var seed: UInt64
    /// Takes every event, in order, on the host's event loop: it must return at once.
    public var eventSink: @Sendable (Event, Instant, WallTime) -> Void
    /// The least time between two published snapshots.
    public var statusInterval: Duration
    /// The address that dials come from; nil leaves the choice to the system.
    ///
    /// By default it is the listening address where that is a loopback address other than 127.0.0.1: nodes on
    /// 127.1.0.1, 127.1.0.2 and so on then look like hosts of their own to one another, as a network of one machine needs.
    public var sourceAddress: IPAddress?
    /// Looks host names up, on a thread that it may block; the system's resolver by default.
    public var resolver: @Sendable (String) -> Resolution = SystemResolver.resolve
    /// Takes down what the node is told and what it does, for a replay; nil costs nothing.
    package var recorder: (any NodeRecorder)?

    /// A configuration; `sourceAddress` has its default and can be set afterwards.
    public init(
        network: NetworkView, listen: Endpoint, advertised: Endpoint, privateKey: Curve25519.Signing.PrivateKey,
        transport: TransportPort, modules: @escaping @Sendable () throws -> PolicySet,
        store: @escaping @Sendable () throws -> any StoreBackend, seed: UInt64,
        eventSink: @escaping @Sendable (Event, Instant, WallTime) -> Void = { _, _, _ in },
        statusInterval: Duration = .milliseconds(100)
    ) {
        self.network = network
        self.listen = listen
        self.advertised = advertised
        self.privateKey = privateKey
        self.transport = transport
        self.modules = modules
        self.store = store
        self.seed = seed
        self.eventSink = eventSink
        self.statusInterval = statusInterval
        self.sourceAddress = Self.defaultSource(for: listen.ip)
    }

    private static func defaultSource(for listen: IPAddress) -> IPAddress? {
        guard let bits = listen.version4Bits, bits >> 24 == 127, bits != 0x7f00_0001 else { return nil }
        return listen
    }
}

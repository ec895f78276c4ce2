import Kernel
import Logging
import Profile
import Testing
import Transport
import Wire

@testable import TimenodeCommands

/// A running node of a testnet and what was seen of it.
struct LiveNode {
    let host: NodeHost
    let monitor: NodeMonitor
    let events: AsyncStream<Event>
    let advertised: Endpoint

    var status: NodeStatus { monitor.status(of: host.snapshot, advertised: advertised) }

    /// The node that `timenode run nodeN.yaml` would run.
    static func start(_ number: Int, in path: String) async throws -> LiveNode {
        let loader = ProfileLoader(catalogue: Registry.standard.catalogue)
        let profile = try #require(loader.load(path: "\(path)/node\(number).yaml").value)
        let networkFile = try #require(profile.networkFile)
        let description = try #require(NetworkDescription.load(path: networkFile).value)
        let network = try NetworkView(description)
        let composition = Composition(profile: profile, network: network, registry: .standard)
        let directory = DataDirectory(path: try #require(profile.dataDirectory))
        let monitor = NodeMonitor(
            network: network, rule: composition.dialRule,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, showsMetadata: false
        )
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let configuration = try composition.hostConfiguration(
            privateKey: try IdentityKeyFile.load(from: directory.keyFile), directory: directory.path,
            seed: UInt64(number)
        ) { event, now, wall in
            monitor.take(event, at: now, wall: wall)
            continuation.yield(event)
        }
        #expect(try composition.warnings(at: directory, for: configuration.privateKey.identity).isEmpty)
        let host = NodeHost(configuration)
        _ = try await host.start()
        return LiveNode(host: host, monitor: monitor, events: events, advertised: configuration.advertised)
    }

    /// Waits until links with so many peers have come up since the last call.
    ///
    /// - Returns: those peers, in the order of their identities.
    @discardableResult
    func waitForLinks(with count: Int) async -> [Identity] {
        var peers: [Identity] = []
        for await event in events {
            if case .linkUp(_, let peer, _, _) = event, !peers.contains(peer) { peers.append(peer) }
            if peers.count == count { break }
        }
        return peers.sorted()
    }
}

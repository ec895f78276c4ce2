import Foundation
import Kernel
import Logging
import ModuleTesting
import Wire

/// The acts of an rpc module's trial; each has a service of its own.
struct RPCScript {
    static let patience = Duration.seconds(20)

    let port: RPCPort
    let dialect: RPCDialect
    let tampering: RPCConformance.Tampering

    // MARK: Of every service

    /// It begins, ends, and begins again where it was, beside a client that says nothing.
    func service(_ findings: inout PortFindings) async throws {
        let node = ScriptedNode(Self.status(active: 3))
        var first: Endpoint?
        try await serving(node, at: start, &findings) { endpoint, _ in first = endpoint }
        guard let first else { return }
        let idle = RawSocket.Idle()
        try await serving(node, at: first, &findings) { endpoint, findings in
            findings.expect(
                endpoint == first, .service, "told to listen on \(first) again, it listens on \(Self.word(endpoint))"
            )
            findings.expect(await idle.connect(to: first), .service, "the service takes no connection in")
        }
        idle.close()
    }

    /// What it tells follows the node.
    func answers(_ findings: inout PortFindings) async throws {
        let node = ScriptedNode(Self.status(active: 3, height: 7))
        try await serving(node, at: start, &findings) { endpoint, findings in
            guard let endpoint else { return }
            for height: UInt64 in [7, 8] {
                node.say(Self.status(active: 3, height: height))
                let told = await dialect.height(endpoint)
                findings.expect(
                    told == height, .answers,
                    "it tells height \(told.map { "\($0)" } ?? "nothing"), and the node is at \(height)"
                )
            }
            node.happen(.peerCheck(connected: 0, masternodes: 3, slots: 3))
            findings.expect(
                node.commands.isEmpty, .answers,
                "it gave the node the commands \(node.commands.map(\.rawValue)) unasked"
            )
        }
    }

    /// Clients that are none keep nobody out.
    func strangers(_ findings: inout PortFindings) async throws {
        let node = ScriptedNode(Self.status(active: 3, height: 7))
        try await serving(node, at: start, &findings) { endpoint, findings in
            guard let endpoint else { return }
            let idle = (0..<80).map { _ in RawSocket.Idle() }
            for client in idle { _ = await client.connect(to: endpoint) }
            let beside = await dialect.height(endpoint)
            findings.expect(beside == 7, .limits, "while 80 clients say nothing, others are not answered")
            for client in idle { client.close() }
            let noise = await RawSocket.exchange(
                [UInt8](repeating: 0xff, count: 4096), with: endpoint, within: Self.patience
            )
            findings.expect(noise != nil, .limits, "a client that sends noise keeps its connection")
            let after = await dialect.height(endpoint)
            findings.expect(after == 7, .limits, "after clients like those the service does not answer any more")
        }
    }

    // MARK: -

    private var start: Endpoint? { port.listen == nil ? nil : PortNode.loopback }

    private static func word(_ endpoint: Endpoint?) -> String { endpoint?.description ?? "no address" }

    /// Runs `body` beside a service, and then has the service end.
    func serving(
        _ node: ScriptedNode, at listen: Endpoint?, _ findings: inout PortFindings,
        _ body: (Endpoint?, inout PortFindings) async throws -> Void
    ) async throws {
        let (addresses, running) = AsyncStream.makeStream(of: Endpoint?.self)
        let setting = RPCSetting(
            listen: listen, logger: Logger(label: "rpc-conformance") { _ in SwiftLogNoOpLogHandler() },
            onRunning: { running.yield($0) }
        )
        let service = try port.makeService(node, setting)
        let server = Task {
            defer { running.finish() }
            try await service.run()
        }
        let hasBegun = await first(of: addresses)
        findings.expect(hasBegun != nil, .service, "the service does not say that it serves")
        if let bound = hasBegun {
            findings.expect(
                listen == nil || bound?.ip == listen?.ip, .loopback,
                "told to listen on \(Self.word(listen)), it listens on \(Self.word(bound))"
            )
            do {
                try await body(bound, &findings)
            } catch {
                server.cancel()
                throw error
            }
        }
        server.cancel()
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        Task {
            _ = await server.result
            end.yield()
        }
        let hasEnded = await first(of: ends) != nil
        findings.expect(hasEnded, .service, "the service goes on for 20 s after it was told to end")
    }

    /// The first element, within the patience; nil where there is none.
    private func first<Element: Sendable>(of stream: AsyncStream<Element>) async -> Element? {
        await withTaskGroup(of: Element?.self) { group in
            group.addTask { await stream.first { _ in true } }
            group.addTask {
                try? await Task.sleep(for: Self.patience)
                return nil
            }
            let found = await group.next() ?? nil
            group.cancelAll()
            return found
        }
    }

    static func status(active: Int, height: UInt64 = 7) -> NodeStatus {
        let identities = (1...3).map { Identity(key: Bytes32($0, 0, 0, 0)) }
        let wall = WallTime(milliseconds: 1_765_941_780_000)
        let network = NetworkView(
            name: "conformance", genesis: wall, slotInterval: .seconds(10), minimumMasternodes: 2,
            masternodes: identities.enumerated().map { index, identity in
                NetworkView.Masternode(
                    name: "n\(index)", identity: identity,
                    endpoint: Endpoint(ip: IPAddress(version4: 0xc000_0201 + UInt32(index)), port: 24_100)
                )
            }
        )
        var ledger = StatusLedger(network: network)
        let caller = Endpoint(ip: IPAddress(version4: 0xc000_0202), port: 50_000)
        ledger.record(.refused(LinkID(number: 1), identities[1], caller, .identityInUse), at: .zero, wall: wall)
        return NodeStatus(
            identity: identities[0], address: Endpoint(ip: IPAddress(version4: 0xc000_0201), port: 24_100),
            version: "1", network: network,
            chain: ChainStatus(height: height, hash: .genesis, activeMasternodes: active), links: [], ledger: ledger,
            now: .zero, wall: wall
        )
    }
}

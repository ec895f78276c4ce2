import Foundation
import Kernel
import ModuleTesting
import Wire

/// The acts of an rpc module's trial; each has a server of its own.
struct RPCScript {
    private static let patience = Duration.seconds(20)

    let port: RPCPort
    let serve: RPCServing
    let tampering: RPCConformance.Tampering

    func pages(_ findings: inout PortFindings) async throws {
        for active in [1, 3] {
            let status = Self.status(active: active)
            try await serving(status, &findings) { endpoint, findings in
                let whole = await ask("/status", endpoint)
                let difference = Self.difference(whole, status)
                findings.expect(
                    difference == nil, .pages, "/status is not the node's status: \(difference ?? "")"
                )
                let health = await ask("/health", endpoint)
                findings.expect(
                    health?.code == (active == 1 ? 503 : 200), .pages,
                    "/health answers \(health?.code ?? 0) where \(active) of 2 masternodes that a block needs are active"
                )
                findings.expect(
                    active == 3 || (health?.members["reason"] as? String)?.isEmpty == false, .pages,
                    "/health says 503 and not why"
                )
                let peers = await ask("/peers", endpoint)?.members["peers"] as? [[String: Any]]
                let last = peers?.first?["last"] as? [[String: Any]]
                findings.expect(
                    last?.first?["reason"] as? String == Reason.identityInUse.rawValue, .pages,
                    "/peers does not say why a peer's link ended"
                )
            }
        }
        try await serving(Self.status(active: 3), &findings) { endpoint, findings in
            let unknown = await ask("/no-such-page", endpoint)
            findings.expect(
                unknown?.code == 404 && unknown?.members["hint"] is String, .pages,
                "a path that is not there is answered \(unknown?.code ?? 0), without what to do"
            )
            let change = await ask("/status", endpoint, method: "POST")
            findings.expect(
                change?.code == 405, .pages, "a POST is answered \(change?.code ?? 0): the pages are to read only"
            )
        }
    }

    func limits(_ findings: inout PortFindings) async throws {
        try await serving(Self.status(active: 3), &findings) { endpoint, findings in
            let head = await ask("/status", endpoint, field: "X-Long: " + String(repeating: "a", count: 1 << 20))
            findings.expect(head?.code != 200, .limits, "a request with a head of a megabyte is answered")
            let body = await ask("/status", endpoint, field: "Content-Length: 1000000000")
            findings.expect(
                body != nil && body?.code != 200, .limits,
                "a request that announces a gigabyte is answered as any other"
            )
            let noise = await RawSocket.exchange(
                [UInt8](repeating: 0xff, count: 4096), with: endpoint, within: Self.patience
            )
            findings.expect(noise != nil, .limits, "a client that speaks no HTTP keeps its connection")
            let after = await ask("/health", endpoint)
            findings.expect(after?.code == 200, .limits, "after clients like those the server does not answer any more")
        }
    }

    /// The server is told to end while a client is connected that says nothing.
    func ending(_ findings: inout PortFindings) async throws {
        let idle = RawSocket.Idle()
        try await serving(Self.status(active: 3), &findings) { endpoint, findings in
            findings.expect(await idle.connect(to: endpoint), .limits, "the server takes no connection in")
            let answer = await ask("/health", endpoint)
            findings.expect(answer?.code == 200, .limits, "while one client says nothing, others are not answered")
        }
        idle.close()
    }

    // MARK: -

    /// Runs `body` beside a server, and then has the server end.
    private func serving(
        _ status: NodeStatus, _ findings: inout PortFindings,
        _ body: (Endpoint, inout PortFindings) async throws -> Void
    ) async throws {
        let (addresses, running) = AsyncStream.makeStream(of: Endpoint?.self)
        let server = Task { [serve, port] in
            defer { running.finish() }
            try await serve(port, { status }, { running.yield($0) })
        }
        let bound = await addresses.first { _ in true } ?? nil
        findings.expect(bound != nil, .pages, "the server does not say where it listens")
        if let bound {
            findings.expect(
                bound.ip.isLoopback, .loopback, "told to listen on the loopback address, it listens on \(bound)")
            do {
                try await body(bound, &findings)
            } catch {
                server.cancel()
                throw error
            }
        }
        server.cancel()
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        Task {
            _ = await server.result
            end.yield(true)
        }
        let limit = Task {
            try? await Task.sleep(for: Self.patience)
            end.yield(false)
        }
        let hasEnded = await ends.first { _ in true } ?? false
        limit.cancel()
        findings.expect(hasEnded, .limits, "the server goes on for 20 s after it was told to end")
    }

    private func ask(
        _ path: String, _ endpoint: Endpoint, method: String = "GET", field: String? = nil
    ) async -> RPCAnswer? {
        let more = field.map { "\($0)\r\n" } ?? ""
        let request = "\(method) \(path) HTTP/1.1\r\nHost: \(endpoint)\r\nConnection: close\r\n\(more)\r\n"
        let bytes = await RawSocket.exchange(Array(request.utf8), with: endpoint, within: Self.patience)
        return bytes.map { tampering("\(method) \(path)\(field == nil ? "" : " +")", RPCAnswer($0)) }
    }

    /// What is wrong with an answer that should be this status; nil where nothing is.
    private static func difference(_ answer: RPCAnswer?, _ status: NodeStatus) -> String? {
        guard let answer else { return "no answer" }
        guard answer.code == 200 else { return "code \(answer.code)" }
        do {
            let read = try JSONDecoder().decode(NodeStatus.self, from: Data(answer.body))
            return read == status ? nil : "it reads back as another one"
        } catch {
            return "\(error)"
        }
    }

    private static func status(active: Int) -> NodeStatus {
        let identities = (1...3).map { Identity(key: Bytes32($0, 0, 0, 0)) }
        let network = NetworkView(
            name: "conformance", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10), minimumMasternodes: 2,
            masternodes: identities.enumerated().map { index, identity in
                NetworkView.Masternode(
                    name: "n\(index)", identity: identity,
                    endpoint: Endpoint(ip: IPAddress(version4: 0xc000_0201 + UInt32(index)), port: 24_100)
                )
            }
        )
        var ledger = StatusLedger(network: network)
        let caller = Endpoint(ip: IPAddress(version4: 0xc000_0202), port: 50_000)
        ledger.record(
            .refused(LinkID(number: 1), identities[1], caller, .identityInUse), at: .zero,
            wall: WallTime(milliseconds: 1_765_941_780_000)
        )
        return NodeStatus(
            identity: identities[0], address: Endpoint(ip: IPAddress(version4: 0xc000_0201), port: 24_100),
            version: "1", network: network,
            chain: ChainStatus(height: 7, hash: .genesis, activeMasternodes: active), links: [], ledger: ledger,
            now: .zero, wall: WallTime(milliseconds: 1_765_941_780_000)
        )
    }
}

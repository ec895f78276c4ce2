import Foundation
import Kernel
import ModuleTesting
import Wire

// What is asked of a service that has the pages of the module `http`.
extension RPCScript {
    func pages(_ findings: inout PortFindings) async throws {
        for active in [1, 3] {
            let status = Self.status(active: active)
            try await serving(ScriptedNode(status), at: PortNode.loopback, &findings) { endpoint, findings in
                guard let endpoint else { return }
                let difference = Self.difference(await ask("/status", endpoint), status)
                findings.expect(
                    difference == nil, .pages, "/status is not the node's status: \(difference ?? "")"
                )
                await health(active: active, endpoint, &findings)
                let peers = await ask("/peers", endpoint)?.members["peers"] as? [[String: Any]]
                let last = peers?.first?["last"] as? [[String: Any]]
                findings.expect(
                    last?.first?["reason"] as? String == Reason.identityInUse.rawValue, .pages,
                    "/peers does not say why a peer's link ended"
                )
            }
        }
        try await serving(ScriptedNode(Self.status(active: 3)), at: PortNode.loopback, &findings) {
            endpoint, findings in
            guard let endpoint else { return }
            let unknown = await ask("/no-such-page", endpoint)
            findings.expect(
                unknown?.code == 404 && unknown?.members["hint"] is String, .pages,
                "a path that is not there is answered \(unknown?.code ?? 0), without what to do"
            )
            let change = await ask("/status", endpoint, method: "POST")
            findings.expect(
                change?.code == 405, .pages, "a POST is answered \(change?.code ?? 0): the pages are to read only"
            )
            let head = await ask("/status", endpoint, method: "HEAD")
            findings.expect(
                head?.code == 200 && head?.body.isEmpty == true, .pages,
                "a HEAD is answered \(head?.code ?? 0) with \(head?.body.count ?? 0) bytes of body"
            )
        }
    }

    private func health(active: Int, _ endpoint: Endpoint, _ findings: inout PortFindings) async {
        for path in ["/health", "/health/ready"] {
            let health = await ask(path, endpoint)
            findings.expect(
                health?.code == (active == 1 ? 503 : 200), .pages,
                "\(path) answers \(health?.code ?? 0) where \(active) of 2 masternodes that a block needs are active"
            )
            findings.expect(
                active == 3 || (health?.members["reason"] as? String)?.isEmpty == false, .pages,
                "\(path) says 503 and not why"
            )
        }
        let live = await ask("/health/live", endpoint)
        findings.expect(
            live?.code == 200, .pages, "/health/live answers \(live?.code ?? 0) for a node whose event loop runs"
        )
    }

    func limits(_ findings: inout PortFindings) async throws {
        try await serving(ScriptedNode(Self.status(active: 3)), at: PortNode.loopback, &findings) {
            endpoint, findings in
            guard let endpoint else { return }
            let head = await ask("/status", endpoint, field: "X-Long: " + String(repeating: "a", count: 1 << 20))
            findings.expect(head?.code != 200, .limits, "a request with a head of a megabyte is answered")
            for field in ["Content-Length: 1000000000", "Transfer-Encoding: gzip"] {
                let body = await ask("/status", endpoint, field: field)
                findings.expect(
                    body != nil && body?.code != 200, .limits,
                    "a request with '\(field)' is answered as any other"
                )
            }
            let rebound = await ask("/status", endpoint, host: "page.example")
            findings.expect(
                rebound?.code == 403 && rebound?.members["hint"] is String, .limits,
                "a request for another host's name is answered \(rebound?.code ?? 0), without what to do"
            )
            let after = await ask("/health", endpoint)
            findings.expect(after?.code == 200, .limits, "after clients like those the server does not answer any more")
        }
    }

    private func ask(
        _ path: String, _ endpoint: Endpoint, method: String = "GET", field: String? = nil, host: String? = nil
    ) async -> RPCAnswer? {
        let question = HTTPQuestion(path, method: method, field: field, host: host)
        return await question.ask(endpoint, within: Self.patience).map { tampering(question.name, $0) }
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
}

import Hummingbird
import Kernel

/// The paths of the server.
enum StatusPage: String, CaseIterable {
    /// What the operator's check of the incident report asks for.
    case consensusInfo = "/consensus_info"
    /// For load balancers and monitors: 200 where the node can do its work, else 503 with the reasons.
    case health = "/health"
    /// For supervisors: 200 where the event loop runs; a node that is not may be started anew.
    case live = "/health/live"
    /// The same as `/health`, by the name that orchestrators know.
    case ready = "/health/ready"
    /// Counters and gauges for Prometheus.
    case metrics = "/metrics"
    /// Each peer with its link and why earlier ones ended.
    case peers = "/peers"
    /// Everything.
    case status = "/status"

    /// A loop that does no turn in so long stands still.
    static let patience = Duration.seconds(2)

    /// What of the status the page shows.
    var detail: StatusDetail {
        switch self {
        case .consensusInfo, .health, .live, .ready, .metrics: .figures
        case .peers, .status: .links
        }
    }

    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// The path of a request's target: `/health/` and `/health?x=1` mean `/health`.
    static func path(of target: String) -> String {
        var path = target.prefix { $0 != "?" && $0 != "#" }
        if !path.hasPrefix("/"), let scheme = path.range(of: "://") {
            path = path[scheme.upperBound...].drop { $0 != "/" }
        }
        return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : String(path)
    }

    func response(of node: any NodeAPI) async throws -> Response {
        if self == .live {
            let liveness = Liveness(isAlive: await node.isAlive(within: Self.patience))
            return try JSONResponse.make(liveness, status: liveness.reason == nil ? .ok : .serviceUnavailable)
        }
        let status = await node.status(detail)
        switch self {
        case .consensusInfo: return try JSONResponse.make(ConsensusInfo(status))
        case .health, .live, .ready:
            let health = Health(status)
            return try JSONResponse.make(health, status: health.isGood ? .ok : .serviceUnavailable)
        case .metrics:
            return TextResponse.make(MetricsText.of(status), type: "text/plain; version=0.0.4; charset=utf-8")
        case .peers: return try JSONResponse.make(Peers(peers: status.peers, callers: status.callers ?? []))
        case .status: return try JSONResponse.make(status)
        }
    }
}

/// `{"active_masternodes":6,"connected_peers":5,"height":123}`.
public struct ConsensusInfo: Codable, Sendable, Hashable {
    /// Linked masternodes, and the node itself where it is one.
    public let activeMasternodes: Int
    /// Distinct peers with a link up.
    public let connectedPeers: Int
    /// Height of the highest block held.
    public let height: UInt64

    public init(_ status: NodeStatus) {
        self.activeMasternodes = status.activeMasternodes
        self.connectedPeers = status.connectedPeers
        self.height = status.height
    }

    private enum CodingKeys: String, CodingKey {
        case activeMasternodes = "active_masternodes"
        case connectedPeers = "connected_peers"
        case height
    }
}

/// Whether the node can do its work, and if not, why not.
struct Health: Encodable {
    let status: String
    /// All reasons in one text, `CODE: TEXT`.
    let reason: String?
    let reasons: [Readiness.Reason]
    let activeMasternodes: Int
    let minimumMasternodes: Int
    let height: UInt64
    let lastBlockAgeSeconds: Double?
    let lastBlockLimitSeconds: Double?

    var isGood: Bool { reason == nil }

    init(_ status: NodeStatus) {
        reasons = status.readiness?.reasons ?? []
        reason = reasons.isEmpty ? nil : reasons.map { "\($0.code.rawValue): \($0.text)" }.joined(separator: "; ")
        self.status = reason == nil ? "ok" : "unavailable"
        activeMasternodes = status.activeMasternodes
        minimumMasternodes = status.minimumMasternodes
        height = status.height
        lastBlockAgeSeconds = status.readiness?.lastBlockAgeSeconds
        lastBlockLimitSeconds = status.readiness?.lastBlockLimitSeconds
    }

    private enum CodingKeys: String, CodingKey {
        case status
        case reason
        case reasons
        case activeMasternodes = "active_masternodes"
        case minimumMasternodes = "minimum_masternodes"
        case height
        case lastBlockAgeSeconds = "last_block_age_seconds"
        case lastBlockLimitSeconds = "last_block_limit_seconds"
    }
}

/// Whether the node's event loop runs.
struct Liveness: Encodable {
    let status: String
    let reason: String?

    init(isAlive: Bool) {
        status = isAlive ? "ok" : "unavailable"
        reason =
            isAlive ? nil : "loop-stalled: the event loop did no turn in \(StatusPage.patience.components.seconds) s"
    }
}

/// `{"callers":[…],"peers":[…]}`.
struct Peers: Encodable {
    let peers: [PeerStatus]
    let callers: [CallerGroup]
}

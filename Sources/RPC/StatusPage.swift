import Hummingbird
import Kernel

/// The paths of the server.
enum StatusPage: String, CaseIterable {
    /// What the operator's check of the incident report asks for.
    case consensusInfo = "/consensus_info"
    /// For load balancers and monitors: 200 or 503.
    case health = "/health"
    /// Counters and gauges for Prometheus.
    case metrics = "/metrics"
    /// Each peer with its link and why earlier ones ended.
    case peers = "/peers"
    /// Everything.
    case status = "/status"

    /// What of the status the page shows.
    var detail: StatusDetail {
        switch self {
        case .consensusInfo, .health, .metrics: .figures
        case .peers, .status: .links
        }
    }

    static var list: String { allCases.map(\.rawValue).joined(separator: ", ") }

    func response(for status: NodeStatus) throws -> Response {
        switch self {
        case .consensusInfo: return try JSONResponse.make(ConsensusInfo(status))
        case .health:
            let health = Health(status)
            return try JSONResponse.make(health, status: health.isGood ? .ok : .serviceUnavailable)
        case .metrics:
            return TextResponse.make(MetricsText.of(status), type: "text/plain; version=0.0.4; charset=utf-8")
        case .peers: return try JSONResponse.make(Peers(peers: status.peers))
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

/// Whether enough masternodes are active for blocks to be made, and if not, why not.
struct Health: Encodable {
    let status: String
    let reason: String?
    let activeMasternodes: Int
    let minimumMasternodes: Int
    let height: UInt64

    var isGood: Bool { reason == nil }

    init(_ status: NodeStatus) {
        let active = status.activeMasternodes
        let minimum = status.minimumMasternodes
        self.reason =
            active >= minimum
            ? nil : "too-few-masternodes: \(active) active, \(minimum) needed for blocks; /peers says why"
        self.status = reason == nil ? "ok" : "unavailable"
        self.activeMasternodes = active
        self.minimumMasternodes = minimum
        self.height = status.height
    }

    private enum CodingKeys: String, CodingKey {
        case status
        case reason
        case activeMasternodes = "active_masternodes"
        case minimumMasternodes = "minimum_masternodes"
        case height
    }
}

/// `{"peers":[…]}`.
struct Peers: Encodable {
    let peers: [PeerStatus]
}

import Foundation
import Wire

/// How the kit asks a service: by HTTP, whose pages it knows, or as the module's author says.
public struct RPCDialect: Sendable {
    /// The height of the node's chain, as the service at an address tells it; nil where it does not answer.
    let height: @Sendable (Endpoint) async -> UInt64?
    /// Whether the service has the pages that the module `http` has.
    let hasPages: Bool

    /// A service that speaks something of its own.
    ///
    /// - Parameter height: asks the service at an address for the height of the node's chain, within some seconds.
    public init(height: @escaping @Sendable (Endpoint) async -> UInt64?) {
        self.init(hasPages: false, height: height)
    }

    private init(hasPages: Bool, height: @escaping @Sendable (Endpoint) async -> UInt64?) {
        self.hasPages = hasPages
        self.height = height
    }

    /// The pages of the module `http`.
    public static let http = RPCDialect(hasPages: true) { endpoint in
        await HTTPQuestion("/consensus_info").ask(endpoint)?.members["height"].flatMap { $0 as? NSNumber }?.uint64Value
    }
}

/// One request of HTTP/1.1, after which the connection ends.
struct HTTPQuestion: Sendable {
    let method: String
    let path: String
    /// One more field.
    let field: String?
    /// Whom the request is for; nil for the address that is asked.
    let host: String?

    init(_ path: String, method: String = "GET", field: String? = nil, host: String? = nil) {
        self.path = path
        self.method = method
        self.field = field
        self.host = host
    }

    /// Names the request for a test that changes answers.
    var name: String { "\(method) \(path)\(field == nil ? "" : " +")" }

    func ask(_ endpoint: Endpoint, within patience: Duration = .seconds(20)) async -> RPCAnswer? {
        let more = field.map { "\($0)\r\n" } ?? ""
        let request =
            "\(method) \(path) HTTP/1.1\r\nHost: \(host ?? endpoint.description)\r\nConnection: close\r\n\(more)\r\n"
        return await RawSocket.exchange(Array(request.utf8), with: endpoint, within: patience).map { RPCAnswer($0) }
    }
}

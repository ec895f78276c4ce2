import ArgumentParser
import Wire

/// Where a node answers: `http://127.0.0.1:8332`, also without the scheme or the port.
struct RPCAddress: ExpressibleByArgument, Sendable, Hashable, CustomStringConvertible {
    static let standardPort: UInt16 = 8_332
    static let standard = RPCAddress(host: "127.0.0.1", port: standardPort)

    let host: String
    let port: UInt16

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    init(_ endpoint: Endpoint) {
        self.init(host: endpoint.ip.description, port: endpoint.port)
    }

    init?(argument: String) {
        var text = Substring(argument)
        if text.hasPrefix("http://") { text = text.dropFirst(7) }
        if text.hasSuffix("/") { text = text.dropLast() }
        if text.isEmpty || text.contains("/") { return nil }
        if let endpoint = Endpoint(String(text)) {
            self.init(endpoint)
        } else if let ip = IPAddress(String(text)) {
            self.init(host: ip.description, port: Self.standardPort)
        } else {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2, let host = parts.first, !host.isEmpty else { return nil }
            guard let port = parts.count == 2 ? PortText.number(parts[1]) : Self.standardPort else { return nil }
            self.init(host: String(host), port: port)
        }
    }

    /// For the `Host` field: an IPv6 address has brackets.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    var description: String { "http://\(authority)" }
}

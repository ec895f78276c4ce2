import Kernel
import NIOHTTP1
import Wire

/// Judges a request by its head alone, before anything is done for it.
struct RequestJudge: Sendable {
    /// No answer needs a request body; a client that sends a short one anyway is still answered.
    static let maximumBodyBytes = 64 * 1_024

    let hosts: AllowedHosts

    /// Why a request is not served.
    struct Refusal: Sendable, Hashable {
        let status: HTTPResponseStatus
        let error: String
        let hint: String
    }

    /// - Parameters:
    ///   - local: the address of this host that the connection came to.
    ///   - isForHealthAlone: whether the connection holds a place that is kept for health checks.
    /// - Returns: nil where nothing speaks against it.
    func refusal(of head: HTTPRequestHead, at local: IPAddress?, isForHealthAlone: Bool) -> Refusal? {
        hostRefusal(of: head, at: local) ?? bodyRefusal(of: head)
            ?? (isForHealthAlone && !Self.isHealth(head.uri) ? Self.busy : nil)
    }

    private func hostRefusal(of head: HTTPRequestHead, at local: IPAddress?) -> Refusal? {
        var names = head.headers["host"]
        guard names.count == 1 || (names.isEmpty && head.version.isBefore11) else {
            return Refusal(
                status: .badRequest, error: "a request has one Host field, this one has \(names.count)",
                hint: "send 'Host: localhost'"
            )
        }
        // The absolute form names the host once more, and counts before the field (RFC 9112, section 3.2.2).
        if let authority = Self.authority(of: head.uri) { names.append(authority) }
        for name in names {
            guard let field = HostField(name) else {
                return Refusal(status: .badRequest, error: "this is no host", hint: "send 'Host: localhost'")
            }
            guard hosts.allow(field, at: local) else {
                return Refusal(
                    status: .forbidden, error: "this server does not answer for the host '\(field.host)'",
                    hint:
                        "ask by localhost or by an address of this host, or add the name to 'rpc.http.allowed_hosts' in "
                        + "the profile"
                )
            }
        }
        return nil
    }

    private func bodyRefusal(of head: HTTPRequestHead) -> Refusal? {
        let codings = head.headers[canonicalForm: "transfer-encoding"].map { $0.lowercased() }
        guard codings.isEmpty || codings == ["chunked"] else {
            return Refusal(
                status: .notImplemented, error: "this server knows no other transfer encoding than 'chunked'",
                hint: "ask with GET and no body"
            )
        }
        let lengths = head.headers[canonicalForm: "content-length"]
        if !codings.isEmpty, !lengths.isEmpty {
            return Refusal(
                status: .badRequest, error: "a body has a length or an encoding, not both",
                hint: "ask with GET and no body"
            )
        }
        if lengths.contains(where: { (Int($0) ?? .max) > Self.maximumBodyBytes }) { return Self.tooLarge }
        return nil
    }

    static let tooLarge = Refusal(
        status: .payloadTooLarge, error: "no request needs a body", hint: "ask with GET and no body"
    )

    static let malformed = Refusal(
        status: .badRequest, error: "this is no HTTP request that the server can read",
        hint: "a head has 16 KiB and 64 fields at most"
    )

    private static let busy = Refusal(
        status: .serviceUnavailable, error: "as many clients are connected as may; this place is for health checks",
        hint: "close connections that are not used, and ask again"
    )

    private static func isHealth(_ uri: String) -> Bool {
        let path = StatusPage.path(of: uri)
        return path == StatusPage.health.rawValue || path.hasPrefix(StatusPage.health.rawValue + "/")
    }

    /// `example.org:80` of `http://example.org:80/status`; nil for a target that names no host.
    private static func authority(of uri: String) -> String? {
        guard let scheme = uri.range(of: "://"), !uri.hasPrefix("/") else { return nil }
        return String(uri[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" })
    }
}

extension HTTPVersion {
    /// 1.0 and 0.9: without `Host`, and with one answer a connection.
    var isBefore11: Bool { major < 1 || (major == 1 && minor < 1) }
}

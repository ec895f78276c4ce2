import Kernel
import Wire

/// The value of a request's `Host` field: a name or an address, and a port where it has one (RFC 9110, section 7.2).
struct HostField: Sendable, Hashable {
    /// In lower case, without brackets and without a dot at the end.
    let host: String
    let port: UInt16?

    /// - Returns: nil for what is no host.
    init?(_ text: String) {
        let text = text.lowercased()
        var (host, rest): (Substring, Substring)
        if text.hasPrefix("[") {
            guard let end = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<end]
            guard IPAddress(String(host))?.isVersion6 == true || host.hasPrefix("::ffff:") else { return nil }
            rest = text[text.index(after: end)...]
        } else if IPAddress(text)?.isVersion6 == true {
            (host, rest) = (text[...], "")
        } else {
            host = text.prefix { $0 != ":" }
            rest = text[host.endIndex...]
            if host.last == "." { host = host.dropLast() }
            guard !host.isEmpty, host.utf8.count <= 253, host.utf8.allSatisfy(Self.isOfName) else { return nil }
        }
        if rest.isEmpty {
            port = nil
        } else {
            guard rest.first == ":", let number = PortText.number(rest.dropFirst()) else { return nil }
            port = number
        }
        self.host = String(host)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
        default: false
        }
    }
}

/// The hosts by which a server may be asked.
///
/// A web page can have its own host's name resolve to the address of this server (DNS rebinding), and the browser then lets
/// the page read the answers. The name in `Host` is the page's, so a server that answers to names of its own only is safe.
/// No page has an address for a name unless that address served it.
struct AllowedHosts: Sendable {
    private let names: [String]
    private let listen: IPAddress

    init(_ names: [String], listen: IPAddress) {
        self.names = names
        self.listen = listen
    }

    /// - Parameter local: the address of this host that the connection came to.
    func allow(_ field: HostField, at local: IPAddress?) -> Bool {
        if names.contains("*") || names.contains(field.host) { return true }
        guard let address = IPAddress(field.host) else {
            return field.host == "localhost" || field.host.hasSuffix(".localhost")
        }
        return address.isLoopback || address == local || (address == listen && !listen.isUnspecified)
            || names.contains { IPAddress($0) == address }
    }
}

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// IP addresses and endpoints, and host names where something looks them up. Elsewhere names are refused on purpose: what a
/// name resolves to can change under a running node.
public enum AddressText {
    /// The usual spelling of an IPv4 or IPv6 address, nil if `text` is neither. An IPv4 address that is written as one of
    /// version 6 (RFC 4291, section 2.5.5.2) is the IPv4 address.
    public static func address(_ text: String) -> String? {
        if text.contains(":") {
            var storage = in6_addr()
            guard inet_pton(AF_INET6, text, &storage) == 1 else { return nil }
            var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            guard inet_ntop(AF_INET6, &storage, &buffer, socklen_t(buffer.count)) != nil else { return nil }
            let used = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let spelling = String(decoding: used, as: UTF8.self)
            let isMapped = spelling.hasPrefix("::ffff:") && spelling.contains(".")
            return isMapped ? String(spelling.dropFirst(7)) : spelling
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        for part in parts {
            guard part.allSatisfy({ $0.isASCII && $0.isNumber }), part.count <= 3 else { return nil }
            guard let value = Int(part), value <= 255, String(value) == part else { return nil }
        }
        return text
    }

    /// The parts of `1.2.3.4:24100` or `[2001:db8::1]:24100`, nil if `text` is neither.
    public static func endpoint(_ text: String) -> (host: String, port: Int)? {
        guard let colon = text.lastIndex(of: ":"), let port = port(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
        guard isBracketed == host.contains(":") else { return nil }
        if isBracketed { host = host.dropFirst().dropLast() }
        return address(String(host)).map { ($0, port) }
    }

    /// The text of an endpoint; an IPv6 address gets its brackets.
    public static func format(host: String, port: Int) -> String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    private static func port(_ text: Substring) -> Int? {
        guard (1...5).contains(text.count), text.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        guard let value = Int(text), value <= 65_535, String(value) == text else { return nil }
        return value
    }

    /// Whether the domain name system can hold this name, and it is no address (RFC 1123, section 2.1): labels of letters,
    /// digits and hyphens, the last not of digits only.
    public static func isHostName(_ text: String) -> Bool {
        let name = text.hasSuffix(".") ? text.dropLast() : text[...]
        guard (1...253).contains(name.utf8.count) else { return false }
        let labels = name.split(separator: ".", omittingEmptySubsequences: false)
        let areLabels = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
        }
        return areLabels && !(labels.last?.allSatisfy(\.isNumber) ?? true)
    }

    /// The usual spelling of an endpoint; any other text as it is.
    static func canonical(_ text: String) -> String {
        endpoint(text).map { format(host: $0.host, port: $0.port) } ?? text
    }

    /// Why no host can be dialled at an address; nil where one can, and for a text that is no address.
    public static func whyUndialable(_ text: String) -> String? {
        guard let address = address(text) else { return nil }
        if let first = address.split(separator: ".").first.flatMap({ Int($0) }) {
            switch first {
            case 0: return "\(text) is no host's address: it stands for this host or for none"
            case 224...239: return "\(text) is no host's address: it is one of a group (multicast)"
            case 240...: return "\(text) is no host's address: it is reserved, or all hosts' (broadcast)"
            default: return nil
            }
        }
        if address == "::" { return "\(text) is no host's address: it stands for this host or for none" }
        return address.hasPrefix("ff") && address.prefix { $0 != ":" }.count == 4
            ? "\(text) is no host's address: it is one of a group (multicast)" : nil
    }

    /// What is wrong with a text that should be an endpoint or `name:port`, and can be dialled; nil where nothing is.
    static func dialRemedy(for text: String) -> String? {
        if let endpoint = endpoint(text) {
            return endpoint.port == 0 ? "nobody can dial port 0" : whyUndialable(endpoint.host)
        }
        if let colon = text.lastIndex(of: ":"), isHostName(String(text[..<colon])) {
            guard let port = port(text[text.index(after: colon)...]) else { return "a port is a number up to 65535" }
            return port == 0 ? "nobody can dial port 0" : nil
        }
        if isHostName(text) { return "add the port: \(text):24100" }
        return "'\(printable(text, limit: 80))' is neither an address nor a host's name with a port; "
            + endpointRemedy(for: text)
    }

    /// An endpoint as a profile has it: without quotes, a bracket would begin a list.
    private static func written(host: String, port: Int) -> String {
        let text = format(host: host, port: port)
        return text.hasPrefix("[") ? "\"\(text)\"" : text
    }

    /// What to write instead of a text that is not an endpoint.
    static func endpointRemedy(for text: String) -> String {
        if let plain = address(text) { return "add the port: \(written(host: plain, port: 24100))" }
        if text.filter({ $0 == ":" }).count > 1, !text.hasPrefix("["), let colon = text.lastIndex(of: ":"),
            let host = address(String(text[..<colon])), let port = port(text[text.index(after: colon)...])
        {
            return "put the address in brackets: \(written(host: host, port: port))"
        }
        if text.contains(where: { $0.isLetter && !$0.isHexDigit }) { return "write the IP address, not a name" }
        return "write 127.0.0.1:24100 or \"[::1]:24100\""
    }
}

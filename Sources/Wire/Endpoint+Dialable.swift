extension Endpoint {
    /// Whether somebody could be reached here: the port is not 0, and the address is one host's. Wildcards, multicast
    /// (RFC 5771, RFC 4291), the reserved block 240.0.0.0/4 and IPv4 in IPv6 clothes, which would be a second name of
    /// the same host, are not.
    public var isDialable: Bool { port != 0 && ip.isOneHost }
}

extension IPAddress {
    fileprivate var isOneHost: Bool {
        if let bits = version4Bits { return bits >> 24 != 0 && bits >> 28 < 0xe }
        let bytes = bytes
        // ::/96 holds the wildcard and the old embedding of IPv4; of it only the loopback names a host.
        if bytes[..<12].allSatisfy({ $0 == 0 }) { return bytes[12..<15].allSatisfy { $0 == 0 } && bytes[15] == 1 }
        let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
        return !isMapped && bytes[0] != 0xff
    }

    /// Whether the address means something on one host or in one site only: loopback (RFC 1122), private use
    /// (RFC 1918, RFC 4193), shared (RFC 6598), link-local (RFC 3927, RFC 4291).
    public var isPrivate: Bool {
        if let bits = version4Bits {
            switch bits >> 24 {
            case 10, 127: return true
            case 100: return bits >> 22 == 100 << 2 | 1
            case 169: return bits >> 16 == 169 << 8 | 254
            case 172: return bits >> 20 == 172 << 4 | 1
            case 192: return bits >> 16 == 192 << 8 | 168
            default: return false
            }
        }
        let bytes = bytes
        if bytes[..<15].allSatisfy({ $0 == 0 }) { return bytes[15] == 1 }
        return bytes[0] & 0xfe == 0xfc || (bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80)
    }
}

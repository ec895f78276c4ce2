/// Where a node can be dialled, in its own words: whoever passes it on can neither make one up nor change it.
///
/// Of two records of one identity the one with the higher sequence counts, so that an old address cannot be brought
/// back by whoever kept it (as ENR does it, EIP-778; the signature and the network are ours).
public struct AddressRecord: Sendable, Hashable, Codable {
    /// Name of the network it is for, at most `Frame.maximumNetworkNameBytes` of UTF-8.
    public var network: String
    /// Whose addresses these are, and who signed.
    public var identity: Identity
    /// Where to dial, best first; one to `Frame.maximumEndpoints`.
    public var endpoints: [Endpoint]
    /// Rises with every record of this identity.
    public var sequence: UInt64
    /// When nobody should believe it any more, by wall clocks: milliseconds since 1970-01-01 UTC.
    public var expires: Int64
    /// Over `signedBytes`.
    public var signature: Signature

    public init(
        network: String, identity: Identity, endpoints: [Endpoint], sequence: UInt64, expires: Int64,
        signature: Signature
    ) {
        self.network = network
        self.identity = identity
        self.endpoints = endpoints
        self.sequence = sequence
        self.expires = expires
        self.signature = signature
    }

    /// What the signature covers: every field but the signature, in a fixed big-endian layout. Lists and texts have
    /// their length in front, so that no two records have the same bytes.
    public var signedBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(160)
        bytes += "timenode address 1".utf8
        let name = Array(network.utf8)
        for number in [sequence, UInt64(bitPattern: expires), UInt64(name.count), UInt64(endpoints.count)] {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        bytes += name
        bytes += identity.key.bytes
        for endpoint in endpoints {
            bytes.append(endpoint.ip.isVersion6 ? 6 : 4)
            bytes += endpoint.ip.bytes
            withUnsafeBytes(of: endpoint.port.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }
}

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

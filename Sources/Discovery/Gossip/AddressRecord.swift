import Kernel
import Wire

/// Where a node can be dialled, in its own words: whoever passes it on can neither make one up nor change it.
///
/// Of two records of one identity the one with the higher sequence counts, so that an old address cannot be brought
/// back by whoever kept it (as ENR does it, EIP-778; the signature and the network are ours).
public struct AddressRecord: Sendable, Hashable, Codable {
    /// Name of the network it is for, at most `Frame.maximumNetworkNameBytes` of UTF-8.
    public var network: String
    /// Whose addresses these are, and who signed.
    public var identity: Identity
    /// Where to dial, best first; one to ``maximumEndpoints``.
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

extension AddressRecord {
    /// The most endpoints of one record.
    public static let maximumEndpoints = 4

    /// Whether a receiver can take the record for one, whatever it then makes of it.
    public var isWellFormed: Bool {
        network.utf8.count <= Frame.maximumNetworkNameBytes && (1...Self.maximumEndpoints).contains(endpoints.count)
            && endpoints.allSatisfy(\.isDialable)
    }
}

import Wire

extension AddressRecord {
    private static let tag = Array("timenode address 1".utf8)

    /// The record as one row of a store: what the signature covers, then the signature.
    public var storedBytes: [UInt8] { signedBytes + signature.bytes }

    /// The record that `storedBytes` was made from.
    ///
    /// - Returns: nil for bytes that no well-formed record has, such as a row that is cut off or of a later layout.
    public init?(storedBytes bytes: some Sequence<UInt8>) {
        var reader = ByteReader(Array(bytes))
        guard reader.read(Self.tag.count).map(Array.init) == Self.tag, let sequence = reader.number(),
            let expires = reader.number(), let nameBytes = reader.number(), nameBytes <= Frame.maximumNetworkNameBytes,
            let count = reader.number(), count <= Self.maximumEndpoints,
            let name = reader.read(Int(nameBytes)).flatMap({ String(validating: $0, as: UTF8.self) }),
            let identity = reader.read(32).flatMap({ Bytes32($0) }).flatMap({ Identity(untrusted: $0) })
        else { return nil }
        var endpoints: [Endpoint] = []
        for _ in 0..<count {
            guard let version = reader.read(1)?.first, version == 4 || version == 6,
                let ip = reader.read(version == 4 ? 4 : 16).flatMap({ IPAddress(bytes: $0) }),
                let port = reader.read(2)
            else { return nil }
            endpoints.append(Endpoint(ip: ip, port: port.reduce(0) { $0 << 8 | UInt16($1) }))
        }
        guard let signature = reader.read(64).flatMap({ Signature($0) }), reader.isAtEnd else { return nil }
        self.init(
            network: name, identity: identity, endpoints: endpoints, sequence: sequence,
            expires: Int64(bitPattern: expires), signature: signature
        )
        guard isWellFormed else { return nil }
    }
}

/// Reads fixed places of some bytes, front to back.
private struct ByteReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func read(_ count: Int) -> ArraySlice<UInt8>? {
        guard count <= bytes.count - place else { return nil }
        defer { place += count }
        return bytes[place..<place + count]
    }

    /// Eight bytes, big-endian.
    mutating func number() -> UInt64? { read(8).map { $0.reduce(0) { $0 << 8 | UInt64($1) } } }
}

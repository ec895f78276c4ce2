import Kernel
import Wire

/// What nodes with `gossip` say to each other.
public enum GossipMessage: ModuleMessage {
    /// Asks for at most so many records of the peer's address book.
    case getAddresses(limit: UInt32)
    /// The answer, or news that nobody asked for; ``maximumRecords`` at most.
    case addresses([AddressRecord])

    public enum Kind: UInt32, MessageKind {
        case getAddresses = 1
        case addresses = 2

        public var traits: MessageTraits {
            switch self {
            case .getAddresses: MessageTraits("get-addresses", limit: 16, cost: .exchange)
            case .addresses:
                MessageTraits("addresses", limit: Channel.discovery.limit, cost: .exchange)
            }
        }
    }

    /// The most records of one message: as many as one `verify` checks.
    public static let maximumRecords = 64

    public static let scope = MessageScope(.discovery, "gossip")

    public static let samples: [GossipMessage] = {
        let record = AddressRecord(
            network: "test", identity: Identity(key: Bytes32(1, 2, 3, 4)),
            endpoints: [
                Endpoint(ip: IPAddress(version4: 0xc000_0201), port: 24_100),
                Endpoint(ip: IPAddress(version6: 0x2001_0db8_0000_0000, 1), port: 24_100),
            ],
            sequence: 5, expires: 1_765_929_600_000,
            signature: Signature(upper: Bytes32(5, 6, 7, 8), lower: Bytes32(9, 10, 11, 12))
        )
        return [.getAddresses(limit: 64), .addresses([]), .addresses([record, record])]
    }()

    public var kind: Kind {
        switch self {
        case .getAddresses: .getAddresses
        case .addresses: .addresses
        }
    }

    public var isWellFormed: Bool {
        switch self {
        case .getAddresses: true
        case .addresses(let records):
            records.count <= Self.maximumRecords && records.allSatisfy(\.isWellFormed)
        }
    }

    public func write(to body: inout BodyWriter) {
        switch self {
        case .getAddresses(let limit): body.number(1, limit)
        case .addresses(let records):
            for record in records { body.message(1) { record.write(to: &$0) } }
        }
    }

    public static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> GossipMessage {
        switch kind {
        case .getAddresses:
            var limit: UInt32 = 0
            while let field = try body.next() {
                if field == 1 { limit = try body.number32() }
            }
            return .getAddresses(limit: limit)
        case .addresses:
            var records: [AddressRecord] = []
            while let field = try body.next() {
                guard field == 1 else { continue }
                try body.append(to: &records, atMost: maximumRecords, "records") { record throws(MessageFault) in
                    try AddressRecord(from: &record)
                }
            }
            return .addresses(records)
        }
    }

    public func describe(to fields: inout TraceFields) {
        switch self {
        case .getAddresses(let limit): fields.add("limit", limit)
        case .addresses(let records):
            fields.add("records", records) { record, fields in
                fields.add("network", record.network)
                fields.add("identity", record.identity)
                fields.add("endpoints", record.endpoints.map(\.description).joined(separator: " "))
                fields.add("sequence", record.sequence)
                fields.add("expires_ms", record.expires)
            }
        }
    }
}

extension AddressRecord {
    func write(to body: inout BodyWriter) {
        body.text(1, network)
        body.identity(2, identity)
        for endpoint in endpoints { body.endpoint(3, endpoint) }
        body.fixed64(4, sequence)
        body.number(5, expires)
        body.signature(6, signature)
    }

    init(from body: inout BodyReader) throws(MessageFault) {
        var network = ""
        var identity: Identity?
        var endpoints: [Endpoint] = []
        var (sequence, expires): (UInt64, Int64) = (0, 0)
        var signature = Signature.none
        while let field = try body.next() {
            switch field {
            case 1: network = try body.text(atMost: Frame.maximumNetworkNameBytes)
            case 2: identity = try body.identity()
            case 3:
                guard endpoints.count < Self.maximumEndpoints else {
                    throw .outOfRange("more than \(Self.maximumEndpoints) endpoints in one record")
                }
                endpoints.append(try body.endpoint())
            case 4: sequence = try body.fixed64()
            case 5: expires = try body.signed()
            case 6: signature = try body.signature()
            default: break
            }
        }
        guard let identity else { throw .outOfRange("a record has no identity") }
        self.init(
            network: network, identity: identity, endpoints: endpoints, sequence: sequence,
            expires: expires, signature: signature
        )
        guard isWellFormed else {
            throw .outOfRange("a record has no endpoint, or one that nobody can dial")
        }
    }
}

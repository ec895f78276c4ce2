extension Message {
    /// Bytes of the message's frame on a wire, header included, computed without encoding. The simulator charges it for
    /// messages that it carries as values.
    public var encodedSize: Int {
        Frame.headerBytes + Size.message(bodySize) + (hasLongTag ? 1 : 0)
    }

    /// Whether a receiver takes the message: its body is within its channel's limit, it has at most
    /// `Frame.maximumBlocks` blocks or `Frame.maximumRecords` well-formed records, and its network name is at most `Frame.maximumNetworkNameBytes` long.
    public var isEncodable: Bool {
        switch self {
        case .hello(let hello):
            hello.network.utf8.count <= Frame.maximumNetworkNameBytes && hello.agreement?.isWellFormed ?? true
        case .helloAck(let ack): ack.agreement?.isWellFormed ?? true
        case .blocks(let blocks): blocks.count <= Frame.maximumBlocks && fitsChannel
        case .addresses(let records):
            records.count <= Frame.maximumRecords && records.allSatisfy(\.isWellFormed) && fitsChannel
        case .swim(let swim): swim.claims.count <= SwimMessage.maximumClaims
        case .proof, .ready, .goodbye, .dialability, .otherProcess: true
        case .ping, .pong, .busy, .tip, .getBlocks, .getAddresses: true
        case .block, .request, .reply, .custom: fitsChannel
        }
    }

    private var fitsChannel: Bool { encodedSize - Frame.headerBytes <= channel.limit }

    /// Whether the message's field number in the envelope takes two bytes.
    private var hasLongTag: Bool {
        switch self {
        case .getAddresses, .addresses, .busy, .swim, .dialability, .otherProcess: true
        default: false
        }
    }

    /// Bytes of the message inside its envelope.
    private var bodySize: Int {
        switch self {
        case .hello(let hello): hello.wireSize
        case .helloAck(let ack): ack.wireSize
        case .proof(let proof): proof.signature.wireSize + Size.number(UInt64(bitPattern: proof.wall))
        case .ready: 0
        case .goodbye(let reason): Size.bytes(reason.rawValue.utf8.count)
        case .dialability(let word):
            Size.message(word.endpoint.wireSize) + Size.bytes(word.reason?.rawValue.utf8.count ?? 0)
        case .otherProcess(let other):
            Size.fixed64(other.incarnation) + Size.message(other.statement.wireSize)
                + Size.message(other.endpoint.wireSize)
        case .ping(let nonce), .pong(let nonce): Size.fixed64(nonce)
        case .busy(let milliseconds): Size.number(UInt64(milliseconds))
        case .swim(let swim): swim.wireSize
        case .tip(let height, _): Size.number(height) + Size.bytes32
        case .block(let block): block.wireSize
        case .getBlocks(let from, let limit): Size.number(from) + Size.number(UInt64(limit))
        case .blocks(let blocks): blocks.reduce(0) { $0 + Size.message($1.wireSize) }
        case .getAddresses(let limit): Size.number(UInt64(limit))
        case .addresses(let records): records.reduce(0) { $0 + Size.message($1.wireSize) }
        case .request(let id, let padding), .reply(let id, let padding): Size.number(id) + Size.bytes(Int(padding))
        case .custom(let custom): Size.number(UInt64(custom.kind)) + Size.bytes(custom.body.count)
        }
    }
}

/// Sizes of Protocol Buffers fields with numbers below 16, whose tag is one byte. A field that has its default value
/// (0, empty) is not written; a message is, even when it is empty.
enum Size {
    /// A key or a hash.
    static let bytes32 = 2 + 32

    static func varint(_ value: UInt64) -> Int { (64 - (value | 1).leadingZeroBitCount + 6) / 7 }

    static func number(_ value: UInt64) -> Int { value == 0 ? 0 : 1 + varint(value) }

    static func fixed64(_ value: UInt64) -> Int { value == 0 ? 0 : 9 }

    static func bytes(_ count: Int) -> Int { count == 0 ? 0 : message(count) }

    static func message(_ count: Int) -> Int { 1 + varint(UInt64(count)) + count }
}

extension Hello {
    fileprivate var wireSize: Int {
        Size.number(UInt64(version)) + Size.bytes(network.utf8.count) + Size.bytes32 + Size.fixed64(incarnation)
            + Size.number(dialSequence) + Size.number(endedSequence) + Size.message(listen.wireSize)
            + Size.fixed64(nonce) + (isProbe ? 2 : 0) + (takesDialability ? 2 : 0)
            + (process.map { Size.message($0.wireSize) } ?? 0) + (agreement.map { Size.message($0.wireSize) } ?? 0)
    }
}

extension ProcessStatement {
    fileprivate var wireSize: Int {
        Size.number(UInt64(bitPattern: started)) + Size.number(UInt64(bitPattern: said)) + signature.wireSize
    }
}

extension Agreement {
    fileprivate var wireSize: Int {
        values.reduce(Size.bytes32) {
            $0 + Size.message(Size.bytes($1.name.utf8.count) + Size.fixed64($1.digest))
        }
    }
}

extension Endpoint {
    fileprivate var wireSize: Int { Size.bytes(ip.isVersion6 ? 16 : 4) + Size.number(UInt64(port)) }
}

extension HelloAck {
    fileprivate var wireSize: Int {
        Size.bytes(refusal?.rawValue.utf8.count ?? 0) + Size.bytes32 + Size.fixed64(incarnation) + Size.fixed64(nonce)
            + signature.wireSize + Size.number(UInt64(bitPattern: wall))
            + (process.map { Size.message($0.wireSize) } ?? 0) + (agreement.map { Size.message($0.wireSize) } ?? 0)
    }
}

extension SwimMessage {
    fileprivate var wireSize: Int {
        claims.reduce(Size.number(UInt64(kind.rawValue)) + Size.number(sequence) + (subject == nil ? 0 : Size.bytes32))
        {
            $0 + Size.message($1.wireSize)
        }
    }
}

extension SwimClaim {
    fileprivate var wireSize: Int {
        Size.number(UInt64(status.rawValue)) + 2 * Size.bytes32 + Size.number(incarnation)
    }
}

extension Signature {
    fileprivate var wireSize: Int { self == .none ? 0 : Size.bytes(64) }
}

extension Block {
    fileprivate var wireSize: Int {
        Size.number(height) + Size.bytes32 + Size.number(slot) + Size.bytes32
            + Size.number(UInt64(bitPattern: timestamp)) + Size.bytes(payload.count) + signature.wireSize
    }
}

extension AddressRecord {
    /// Whether a receiver can take the record for one, whatever it then makes of it.
    public var isWellFormed: Bool {
        network.utf8.count <= Frame.maximumNetworkNameBytes && (1...Frame.maximumEndpoints).contains(endpoints.count)
            && endpoints.allSatisfy(\.isDialable)
    }

    fileprivate var wireSize: Int {
        Size.bytes(network.utf8.count) + Size.bytes32 + endpoints.reduce(0) { $0 + Size.message($1.wireSize) }
            + Size.fixed64(sequence) + Size.number(UInt64(bitPattern: expires)) + signature.wireSize
    }
}

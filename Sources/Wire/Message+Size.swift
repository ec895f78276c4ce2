extension Message {
    /// Bytes of the message's frame on a wire, header included, computed without encoding. The simulator charges it for
    /// messages that it carries as values.
    public var encodedSize: Int {
        Frame.headerBytes + Size.message(bodySize) + (hasLongTag ? 1 : 0)
    }

    /// Whether a receiver takes the message: a module's message is within the limits of its kind and its channel, and a
    /// network's name is at most `Frame.maximumNetworkNameBytes` long.
    public var isEncodable: Bool {
        switch self {
        case .hello(let hello):
            hello.network.utf8.count <= Frame.maximumNetworkNameBytes && hello.agreement?.isWellFormed ?? true
        case .helloAck(let ack): ack.agreement?.isWellFormed ?? true
        case .module(let envelope):
            envelope.isWellFormed && encodedSize - Frame.headerBytes <= envelope.channel.limit
        case .proof, .ready, .goodbye, .dialability, .otherProcess, .ping, .pong, .busy: true
        }
    }

    /// Whether the message's field number in the envelope takes two bytes.
    private var hasLongTag: Bool {
        switch self {
        case .busy, .dialability, .otherProcess: true
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
        case .module(let envelope): envelope.innerSize
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

    static func fixed32(_ value: UInt32) -> Int { value == 0 ? 0 : 5 }

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

extension Signature {
    fileprivate var wireSize: Int { self == .none ? 0 : Size.bytes(64) }
}

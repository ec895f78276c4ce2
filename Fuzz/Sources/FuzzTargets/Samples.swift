import Discovery
import Wire

/// Values that seeds are made of.
enum Samples {
    static let own = identity(1)
    static let peer = identity(2)
    static let signature = Signature(upper: Bytes32(1, 2, 3, 4), lower: Bytes32(5, 6, 7, 8))

    static func identity(_ number: UInt64) -> Identity { Identity(key: Bytes32(number, 7, 7, 7)) }

    /// Addresses of the documentation range 192.0.2.0/24 (RFC 5737).
    static func endpoint(_ number: UInt32) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 0xc000_0200 + number), port: 24_100)
    }

    static let record = AddressRecord(
        network: "test", identity: own,
        endpoints: [endpoint(1), Endpoint(ip: IPAddress(version6: 0x2001_0db8_0000_0000, 1), port: 24_100)],
        sequence: 1, expires: 2, signature: signature
    )

    static func hello(from identity: Identity) -> Hello {
        Hello(
            version: Hello.currentVersion, network: "test", identity: identity, incarnation: 5, dialSequence: 4,
            endedSequence: 3, listen: endpoint(2), nonce: 2, takesDialability: true, process: statement,
            agreement: agreement
        )
    }

    static func ack(_ refusal: Reason? = nil) -> HelloAck {
        HelloAck(
            refusal: refusal, identity: peer, incarnation: 5, nonce: 1, signature: signature, wall: 1_700_000_000_000,
            process: statement, agreement: refusal == nil ? nil : agreement
        )
    }

    static let statement = ProcessStatement(started: 1_700_000_000_000, said: 1_700_000_001_000, signature: signature)
    static let agreement = Agreement(
        digest: Bytes32(1, 2, 3, 4), values: [.init(name: "genesis", digest: 1), .init(name: "consensus", digest: 2)]
    )

    /// One message of each kind.
    static let messages: [(name: String, message: Message)] = [
        ("hello", .hello(hello(from: peer))), ("hello-ack", .helloAck(ack())),
        ("refusal", .helloAck(ack(.duplicate))), ("proof", .proof(Proof(signature: signature))), ("ready", .ready),
        ("goodbye", .goodbye(.shutdown)),
        ("dialability", .dialability(Dialability(endpoint: endpoint(1), reason: .connectTimeout))),
        (
            "other-process",
            .otherProcess(OtherProcess(incarnation: 6, statement: statement, endpoint: endpoint(3)))
        ),
        ("ping", .ping(nonce: 77)), ("pong", .pong(nonce: .max)),
        ("busy", .busy(milliseconds: 60_000)),
        ("module", .module(RawEnvelope(channel: .discovery, scope: 7, kind: 4, body: [1, 2, 3]))),
        ("empty", .module(RawEnvelope(channel: .consensus, scope: .max, kind: .max, body: []))),
    ]
}

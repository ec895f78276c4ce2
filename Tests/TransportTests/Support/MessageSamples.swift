import Application
import Wire

/// One message of every kind, and of every channel.
enum MessageSamples {
    private static let signature = Signature(upper: Bytes32(1, 1, 1, 1), lower: Bytes32(2, 2, 2, 2))

    /// A message of a module that nobody here has.
    static func module(_ channel: Channel, bytes: Int) -> Message {
        .module(RawEnvelope(channel: channel, scope: 9, kind: 4, body: [UInt8](repeating: 5, count: bytes)))
    }

    static let everyKind: [Message] = [
        .hello(
            Hello(
                version: 1, network: "test", identity: Identity(key: Bytes32(9, 8, 7, 6)), incarnation: 5,
                dialSequence: 4, endedSequence: 3,
                listen: Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: 24_100), nonce: 2
            )
        ),
        .helloAck(
            HelloAck(
                refusal: .duplicate, identity: Identity(key: Bytes32(9, 8, 7, 6)), incarnation: 5, nonce: 1,
                signature: .none
            )
        ),
        .proof(Proof(signature: signature)),
        .ready,
        .goodbye(.duplicate),
        .dialability(
            Dialability(endpoint: Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: 24_100), reason: .connectTimeout)
        ),
        .ping(nonce: 77),
        .pong(nonce: 77),
        .busy(milliseconds: 60_000),
        module(.consensus, bytes: 0),
        module(.consensus, bytes: 300),
        module(.liveness, bytes: 20),
        module(.discovery, bytes: 3),
        .request(id: 6, padding: 1000),
        .reply(id: 6, padding: 2000),
    ]
}

// Declared load, as tests write it.
extension Message {
    static func request(id: UInt64, padding: UInt32) -> Message {
        Message(TrafficMessage.request(id: id, padding: padding))
    }

    static func reply(id: UInt64, padding: UInt32) -> Message {
        Message(TrafficMessage.reply(id: id, padding: padding))
    }
}

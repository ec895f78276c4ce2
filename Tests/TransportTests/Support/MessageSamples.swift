import Wire

/// One message of every kind, and of every channel.
enum MessageSamples {
    static let block = Block(
        height: 3, parent: .genesis, slot: 9, proposer: Identity(key: Bytes32(1, 2, 3, 4)),
        timestamp: 1_700_000_000_000,
        payload: [UInt8](repeating: 5, count: 300),
        signature: Signature(upper: Bytes32(1, 1, 1, 1), lower: Bytes32(2, 2, 2, 2))
    )

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
        .proof(Proof(signature: block.signature)),
        .ready,
        .goodbye(.duplicate),
        .dialability(
            Dialability(endpoint: Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: 24_100), reason: .connectTimeout)
        ),
        .ping(nonce: 77),
        .pong(nonce: 77),
        .busy(milliseconds: 60_000),
        .swim(
            SwimMessage(
                kind: .request, sequence: 3, subject: Identity(key: Bytes32(9, 8, 7, 6)),
                claims: [
                    SwimClaim(
                        status: .suspected, subject: Identity(key: Bytes32(1, 2, 3, 4)), incarnation: 5,
                        source: Identity(key: Bytes32(9, 8, 7, 6))
                    )
                ]
            )
        ),
        .tip(height: 8, hash: .genesis),
        .block(block),
        .getBlocks(from: 1, limit: 20),
        .blocks([block, block]),
        .getAddresses(limit: 64),
        .addresses([
            AddressRecord(
                network: "test", identity: Identity(key: Bytes32(9, 8, 7, 6)),
                endpoints: [Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: 24_100)], sequence: 1, expires: 2,
                signature: block.signature
            )
        ]),
        .request(id: 6, padding: 1000),
        .reply(id: 6, padding: 2000),
        .custom(CustomMessage(channel: .discovery, kind: 4, body: [1, 2, 3])),
    ]
}

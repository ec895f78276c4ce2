import Kernel
import Wire

/// One value of each kind, with numbers at the ends of their ranges and texts that JSON has to escape.
enum Samples {
    static let identity = Identity(key: Bytes32(.max, 0, 1, 0x0123_4567_89ab_cdef))
    static let hash = BlockHash(bytes: Bytes32(1, 2, 3, .max))
    static let signature = Signature(upper: Bytes32(.max, 1, 2, 3), lower: Bytes32(4, 5, 6, 7))
    static let four = Endpoint(ip: IPAddress(version4: 0xc000_0201), port: 24_100)
    static let six = Endpoint(ip: IPAddress(version6: 0x2001_0db8_0000_0000, .max), port: .max)
    static let hostile = "a \"quoted\" \\ word,\n\r\t\u{0}\u{1f}\u{7f}\u{2028} é 𝄞 {\"in\":\"start\"}"

    static let hello = Hello(
        version: .max, network: hostile, identity: identity, incarnation: .max, dialSequence: 1 << 53 + 1,
        endedSequence: 0, listen: six, nonce: 1 << 63
    )

    static let probe = Hello(
        version: 2, network: hostile, identity: identity, incarnation: 1, dialSequence: 0, endedSequence: 0,
        listen: four, nonce: 1, isProbe: true, takesDialability: true, process: statement,
        agreement: agreement
    )

    static let statement = ProcessStatement(started: .min, said: .max, signature: signature)
    static let agreement = Agreement(
        digest: hash.bytes, values: [Agreement.Value(name: hostile, digest: .max), .init(name: "b", digest: 0)]
    )

    static func ack(_ refusal: Reason?) -> HelloAck {
        HelloAck(
            refusal: refusal, identity: identity, incarnation: 3, nonce: .max, signature: .none, wall: .max,
            process: refusal == nil ? statement : nil, agreement: refusal == nil ? nil : agreement
        )
    }

    static let messages: [Message] =
        [
            .hello(hello), .hello(probe), .helloAck(ack(nil)), .helloAck(ack(.identityInUse)),
            .dialability(Dialability(endpoint: six, reason: nil)),
            .dialability(Dialability(endpoint: six, reason: .wrongIdentity)),
            .otherProcess(OtherProcess(incarnation: .max, statement: statement, endpoint: six)),
            .proof(Proof(signature: signature, wall: .min)), .ready, .ping(nonce: .max), .ping(nonce: 0),
            .pong(nonce: 1), .busy(milliseconds: .max),
        ] + Reason.allCases.map { .goodbye($0) }
        + Channel.allCases.map { .module(RawEnvelope(channel: $0, scope: .max, kind: .max, body: [1, 0, 255])) }
        + [
            .module(
                RawEnvelope(
                    channel: .consensus, scope: 1, kind: 1, body: [], unknownFields: 3,
                    tracedText: Array("{\"module\":\"m\"}".utf8)))
        ]

    static let rows = [
        StoreRow(key: StoreKey(table: .max, number: .max), value: [0, 1, 255]), StoreRow(key: [], value: []),
    ]

    static let verdicts = [
        SignatureVerdicts(count: 0), SignatureVerdicts(repeating: true, count: 64),
        SignatureVerdicts([true, false] + [Bool](repeating: true, count: 200)),
    ]

    static let inputs: [Input] =
        [
            .start, .opened(LinkID(number: 1 << 62), identity: nil), .opened(LinkID(number: 1), identity: identity),
            .accepted(LinkID(number: 2), identity: nil), .accepted(LinkID(number: 2), identity: identity),
            .ended(LinkID(number: 4), .endOfStream), .persisted(WriteToken(number: 1 << 62)),
            .persistFailed(WriteToken(number: 1), StoreFailure(code: .full, message: hostile)),
            .readFailed(Token(number: 1), StoreFailure(code: .otherFormat, message: "")),
            .rows(Token(number: 2), StoreAnswer(rows, hasMore: true)), .rows(Token(number: 2), StoreAnswer()),
            .verified(Token(number: 3), .failed(hostile)),
            .progress(LinkID(number: 5)), .wake, .shutdown, .workAhead(upTo: .seconds(31_536_000)),
            .workAhead(upTo: .zero),
            .resolved(Token(number: 4), .addresses([four.ip, six.ip])),
            .submitted(RequestID(number: 1 << 62), [0, 255]), .submitted(RequestID(number: 1), []),
        ] + messages.map { .received(LinkID(number: 7), $0) }
        + verdicts.map { .verified(Token(number: 3), .checked($0)) }
        + Resolution.Failure.allCases.map { .resolved(Token(number: 5), .failed($0)) }
        + Reason.allCases.flatMap { [.openFailed(LinkID(number: 3), $0), .ended(LinkID(number: 4), .failed($0))] }

    static func link(_ number: UInt64, _ phase: LinkPhase) -> Link {
        Link(
            id: LinkID(number: number), direction: number % 2 == 0 ? .dialled : .accepted, remote: six,
            expected: number % 2 == 0 ? identity : nil, openedAt: Instant(nanoseconds: 1),
            peer: phase == .up ? identity : nil, transportIdentity: phase == .up ? identity : nil, phase: phase,
            upAt: phase == .up ? Instant(nanoseconds: 3_155_760_000_000_000_000) : nil,
            isReadingStopped: phase == .halfClosed, isWriteShut: number == 1
        )
    }

    static func checkpoint(state: String = #"{"a":[1,18446744073709551615],"b":"x"}"#) -> NodeCheckpoint {
        NodeCheckpoint(
            incarnation: .max,
            links: [link(1, .connecting), link(2, .handshaking), link(3, .up), link(9, .halfClosed)], nextLink: 10,
            timers: [
                NodeCheckpoint.Timer(
                    module: 2, code: TimerCode(kind: .max, subject: .max), deadline: .never, sequence: 5
                )
            ],
            timersSet: 1 << 62, streams: [RandomStream(seed: 1, name: "a"), RandomStream(seed: 2, name: "b")],
            owners: [NodeCheckpoint.Owner(token: Token(number: 1 << 62), module: 3)],
            writes: NodeCheckpoint.Writes(
                issued: 9,
                pending: [
                    PendingWrite(
                        token: WriteToken(number: 4), module: 1,
                        messages: messages.map { WaitingMessage($0, to: .link(LinkID(number: 3))) }
                            + [WaitingMessage(.ready, to: .peer(identity))]
                    ), PendingWrite(token: WriteToken(number: 7), module: nil),
                ], failed: [1...2, 5...5]
            ),
            nextToken: 7, modules: [ModuleSnapshot(module: "links", version: 3, bytes: Array(state.utf8))]
        )
    }
}

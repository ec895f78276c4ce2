import Wire

/// Random messages that an encoder takes, with many values at the borders where an encoding changes its length.
enum MessageSamples {
    /// How many kinds of message `message(kind:using:)` makes.
    static let kinds = 11

    static func message(using generator: inout SeededGenerator) -> Message {
        message(kind: Int.random(in: 0..<kinds, using: &generator), using: &generator)
    }

    static func message(kind: Int, using generator: inout SeededGenerator) -> Message {
        switch kind {
        case 0: .hello(hello(using: &generator))
        case 1:
            .helloAck(
                HelloAck(
                    refusal: Bool.random(using: &generator) ? nil : Reason.allCases.randomElement(using: &generator),
                    identity: identity(using: &generator), incarnation: number(using: &generator),
                    nonce: number(using: &generator), signature: signature(using: &generator),
                    wall: Int64(bitPattern: number(using: &generator)), process: statement(using: &generator),
                    agreement: agreement(using: &generator)))
        case 2:
            .proof(
                Proof(signature: signature(using: &generator), wall: Int64(bitPattern: number(using: &generator))))
        case 3: .ready
        case 4: .goodbye(Reason.allCases.randomElement(using: &generator) ?? .other)
        case 5: .ping(nonce: number(using: &generator))
        case 6: .pong(nonce: number(using: &generator))
        case 7: .busy(milliseconds: UInt32(truncatingIfNeeded: number(using: &generator)))
        case 8:
            .dialability(
                Dialability(
                    endpoint: endpoint(using: &generator),
                    reason: Bool.random(using: &generator) ? nil : Reason.allCases.randomElement(using: &generator)))
        case 9:
            .otherProcess(
                OtherProcess(
                    incarnation: number(using: &generator),
                    statement: ProcessStatement(
                        started: Int64(bitPattern: number(using: &generator)), said: 0,
                        signature: signature(using: &generator)),
                    endpoint: endpoint(using: &generator)))
        default: .module(module(using: &generator))
        }
    }

    static func hello(using generator: inout SeededGenerator) -> Hello {
        let letters = Int.random(in: 0...32, using: &generator)
        return Hello(
            version: UInt32(truncatingIfNeeded: number(using: &generator)),
            network: String((0..<letters).map { _ in Bool.random(using: &generator) ? "n" : "é" }),
            identity: identity(using: &generator), incarnation: number(using: &generator),
            dialSequence: number(using: &generator), endedSequence: number(using: &generator),
            listen: endpoint(using: &generator), nonce: number(using: &generator),
            isProbe: Bool.random(using: &generator), takesDialability: Bool.random(using: &generator),
            process: statement(using: &generator), agreement: agreement(using: &generator))
    }

    private static func statement(using generator: inout SeededGenerator) -> ProcessStatement? {
        guard Bool.random(using: &generator) else { return nil }
        return ProcessStatement(
            started: Int64(bitPattern: number(using: &generator)), said: Int64(bitPattern: number(using: &generator)),
            signature: signature(using: &generator))
    }

    private static func agreement(using generator: inout SeededGenerator) -> Agreement? {
        guard Bool.random(using: &generator) else { return nil }
        let count = Int.random(in: 0...Agreement.maximumValues, using: &generator)
        return Agreement(
            digest: bytes32(using: &generator),
            values: (0..<count).map { _ in
                let length = Int.random(in: 1...Agreement.maximumNameBytes, using: &generator)
                return Agreement.Value(
                    name: String(repeating: "v", count: length), digest: number(using: &generator))
            })
    }

    /// A number of random width: 0, small, and both sides of each power of 128 are common.
    static func number(using generator: inout SeededGenerator) -> UInt64 {
        let width = UInt64.random(in: 0...64, using: &generator)
        if width == 0 { return 0 }
        let top: UInt64 = 1 << (width - 1)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: return top
        case 1: return top - 1
        default: return top | (generator.next() & (top - 1))
        }
    }

    /// A message of a module that nobody has.
    private static func module(using generator: inout SeededGenerator) -> ModuleEnvelope {
        RawEnvelope(
            channel: Channel.allCases.randomElement(using: &generator) ?? .discovery,
            scope: UInt32(truncatingIfNeeded: number(using: &generator)),
            kind: UInt32(truncatingIfNeeded: number(using: &generator)),
            body: bytes(length(using: &generator), using: &generator))
    }

    private static func endpoint(using generator: inout SeededGenerator) -> Endpoint {
        let ip =
            Bool.random(using: &generator)
            ? IPAddress(version4: UInt32(truncatingIfNeeded: generator.next()))
            : IPAddress(version6: generator.next(), number(using: &generator))
        return Endpoint(ip: ip, port: UInt16(truncatingIfNeeded: number(using: &generator)))
    }

    private static func signature(using generator: inout SeededGenerator) -> Signature {
        if Int.random(in: 0..<4, using: &generator) == 0 { return .none }
        return Signature(upper: bytes32(using: &generator), lower: bytes32(using: &generator))
    }

    private static func bytes32(using generator: inout SeededGenerator) -> Bytes32 {
        if Int.random(in: 0..<8, using: &generator) == 0 { return .zero }
        return Bytes32(generator.next(), generator.next(), generator.next(), generator.next())
    }

    private static func identity(using generator: inout SeededGenerator) -> Identity {
        Identity(key: Bytes32(generator.next(), generator.next(), generator.next(), generator.next()))
    }

    private static func length(using generator: inout SeededGenerator) -> Int {
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: 0
        case 1: Int.random(in: 125...130, using: &generator)
        case 2: Int.random(in: 200...700, using: &generator)
        default: Int.random(in: 1...60, using: &generator)
        }
    }

    private static func bytes(_ count: Int, using generator: inout SeededGenerator) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }
}

import Kernel
import Profile
import Wire

@testable import Links

/// Names, addresses and options that the tests of this target share.
enum Fixture {
    static func identity(_ number: Int) -> Identity { Identity(key: Bytes32(UInt64(number) + 1, 7, 7, 7)) }

    /// Addresses of the documentation range 192.0.2.0/24.
    static func endpoint(_ number: Int) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 0xc000_0200 + UInt32(number)), port: 24_100)
    }

    /// Where a connection of node `number` comes from: its address and a port of its host's choice.
    static func source(of number: Int) -> Endpoint { Endpoint(ip: endpoint(number).ip, port: 40_000) }

    static func network(of identities: [Identity], named name: String = "test") -> NetworkView {
        NetworkView(
            name: name, genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10), minimumMasternodes: 1,
            masternodes: identities.enumerated().map {
                .init(name: "node \($0.offset)", identity: $0.element, endpoint: endpoint($0.offset))
            }
        )
    }

    static func singleLink(_ change: (Options) -> Options = { $0 }) throws -> SingleLink {
        SingleLink(options: try SingleLinkOptions(change(try Options.defaults(of: SingleLinkOptions.spec))))
    }

    static func splitRegistry(_ change: (Options) -> Options = { $0 }) throws -> SplitRegistry {
        SplitRegistry(options: try SplitRegistryOptions(change(try Options.defaults(of: SplitRegistryOptions.spec))))
    }

    static func wish(_ number: Int, isNamed: Bool = true, isMasternode: Bool = true) -> Wish {
        Wish(identity: isNamed ? identity(number) : nil, endpoint: endpoint(number), isMasternode: isMasternode)
    }

    static func hello(
        from number: Int, incarnation: UInt64 = 1, dial: UInt64 = 1, ended: UInt64 = 0, network: String = "test",
        version: UInt32 = Hello.currentVersion
    ) -> Hello {
        Hello(
            version: version, network: network, identity: identity(number), incarnation: incarnation,
            dialSequence: dial, endedSequence: ended, listen: endpoint(number), nonce: 5
        )
    }

    static func ack(from number: Int, incarnation: UInt64 = 1, refusal: Reason? = nil) -> HelloAck {
        HelloAck(
            refusal: refusal, identity: identity(number), incarnation: incarnation, nonce: 6, signature: .none
        )
    }
}

/// Signs with a hash that anybody could compute: enough where no test forges.
struct HashSigner: Signer {
    let identity: Identity

    func sign(_ bytes: [UInt8]) -> Signature { Self.signature(of: bytes, by: identity) }

    static func holds(_ check: SignatureCheck) -> Bool {
        signature(of: check.bytes, by: check.identity) == check.signature
    }

    private static func signature(of bytes: [UInt8], by identity: Identity) -> Signature {
        var state = identity.key.prefix64
        for byte in bytes { state = (state ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        var mixer = SplitMix64(state: state)
        return Signature(
            upper: Bytes32(mixer.next(), mixer.next(), mixer.next(), mixer.next()),
            lower: Bytes32(mixer.next(), mixer.next(), mixer.next(), mixer.next())
        )
    }
}

/// Finds no link dead but one that a test has it find so, by a message over it whose body is the reason.
struct SilentLiveness: LivenessPolicy {
    var state = NoState()

    static func word(_ reason: Reason) -> Message {
        .module(RawEnvelope(channel: .liveness, scope: 1, kind: 1, body: Array(reason.rawValue.utf8)))
    }

    mutating func identityConflict(_ conflict: IdentityConflict?, _ context: inout Context) {
        context.note(.info, "told: \(conflict.map { $0.isYounger ? "younger" : "older" } ?? "over")")
    }

    /// Has it report the peer at the other end of the link that the message comes over.
    static func report(_ misbehaviour: Misbehaviour) -> Message {
        .module(
            RawEnvelope(
                channel: .liveness, scope: 1, kind: 2,
                body: [misbehaviour.weight.rawValue] + Array(misbehaviour.reason.rawValue.utf8)
            )
        )
    }

    mutating func take(_ word: ModuleEnvelope, from link: LinkID, _ context: inout Context) -> Reception {
        let body = word.body
        if word.kind == 2 {
            if let weight = body.first.flatMap(Misbehaviour.Weight.init), let peer = context.peer(of: link),
                let reason = Reason(rawValue: String(decoding: body.dropFirst(), as: UTF8.self))
            {
                context.reportMisbehaviour(peer, Misbehaviour(reason, weight))
            }
            return .taken(unknownFields: 0)
        }
        let reason = Reason(rawValue: String(decoding: word.body, as: UTF8.self))
        if let reason { context.declareDead(link, reason) }
        return .taken(unknownFields: 0)
    }
}

/// Makes no blocks.
struct NoBlocks: ConsensusPolicy {
    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 0, hash: .genesis, activeMasternodes: 0) }
}

/// Wants the same peers for ever: at the start, and at each tick again.
struct FixedWishes: DiscoveryPolicy {
    enum Timer: PolicyTimer {
        case tick

        var code: TimerCode { TimerCode(kind: 1) }

        init?(code: TimerCode) {
            guard code.kind == 1 else { return nil }
            self = .tick
        }
    }

    var state = NoState()
    let wishes: [Wish]
    var interval: Duration? = .seconds(30)

    mutating func start(_ context: inout Context) {
        context.want(wishes, .start)
        if let interval { context.schedule(Timer.tick, after: interval) }
    }

    /// Has it want some of its peers from now on, by their places.
    static func word(_ places: [Int]) -> Message {
        .module(RawEnvelope(channel: .discovery, scope: 1, kind: 1, body: places.map { UInt8($0) }))
    }

    mutating func take(_ word: ModuleEnvelope, from link: LinkID, _ context: inout Context) -> Reception {
        context.want(word.body.map { wishes[Int($0)] }, .periodic)
        return .taken(unknownFields: 0)
    }

    mutating func fired(_ timer: Timer, _ context: inout Context) {
        context.want(wishes, .periodic)
        if let interval { context.schedule(timer, after: interval) }
    }
}

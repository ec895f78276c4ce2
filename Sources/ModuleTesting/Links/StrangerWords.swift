import Kernel
import Wire

/// What somebody without any node's key may say to a links module.
struct StrangerWords {
    let network: String
    private var count: UInt64 = 0

    init(network: String) {
        self.network = network
    }

    mutating func next(_ draws: inout RandomStream, posingAs other: Identity, own: Identity) -> Message {
        switch draws.below(12) {
        case 0: return .ready
        case 1: return .proof(Proof(signature: .none))
        case 2: return .goodbye(.duplicate)
        case 3:
            return .helloAck(
                HelloAck(refusal: nil, identity: other, incarnation: draws.next(), nonce: 1, signature: .none)
            )
        case 4: return .module(RawEnvelope(channel: .links, scope: 1, kind: 1, body: [1]))
        case 5: return .ping(nonce: 1)
        case 6, 7, 8: return hello(&draws, as: other)
        case 9:
            var hello = words(&draws, own)
            hello.network = "elsewhere"
            return .hello(hello)
        case 10:
            var hello = words(&draws, other)
            hello.version = 99
            return .hello(hello)
        default: return hello(&draws, as: draws.chance(1, in: 2) ? own : nil)
        }
    }

    /// - Parameter identity: nil for a new one.
    mutating func hello(_ draws: inout RandomStream, as identity: Identity?) -> Message {
        count += 1
        return .hello(words(&draws, identity ?? Identity(key: Bytes32(0xbad, 0, 0, count))))
    }

    private func words(_ draws: inout RandomStream, _ identity: Identity) -> Hello {
        Hello(
            version: Hello.currentVersion, network: network, identity: identity, incarnation: draws.next(),
            dialSequence: draws.below(1 << 40), endedSequence: draws.below(1 << 40),
            listen: Endpoint(ip: IPAddress(version4: 0xc633_6401), port: 24_100), nonce: draws.next()
        )
    }
}

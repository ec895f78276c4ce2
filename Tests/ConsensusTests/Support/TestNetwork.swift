import Consensus
import Kernel
import Wire

/// A network of masternodes whose identities sort in the order of their numbers, so that node *n* leads slot *n*.
struct TestNetwork {
    static let genesis = WallTime(milliseconds: 1_700_000_000_000)

    let count: Int
    let view: NetworkView

    init(_ count: Int, minimum: Int = 1, slotInterval: Duration = .seconds(10)) {
        self.count = count
        self.view = NetworkView(
            name: "test", genesis: Self.genesis, slotInterval: slotInterval, minimumMasternodes: minimum,
            masternodes: (0..<count).map {
                .init(name: "node \($0)", identity: Self.identity($0), endpoint: Self.endpoint($0))
            }
        )
    }

    static func identity(_ number: Int) -> Identity { Identity(key: Bytes32(UInt64(number) + 1, 0, 0, 0)) }

    static func number(of identity: Identity) -> Int { Int(identity.key.prefix64) - 1 }

    static func endpoint(_ number: Int) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 0x7f00_0001 + UInt32(number)), port: 24100)
    }

    /// When `slot` begins, in milliseconds since 1970.
    func start(of slot: UInt64) -> Int64 {
        Self.genesis.milliseconds &+ Int64(clamping: slot) &* (view.slotInterval.nanoseconds / 1_000_000)
    }

    /// A block as the leader of `slot` would sign it.
    func block(
        after parent: Block? = nil, slot: UInt64, by proposer: Int? = nil, payload: [UInt8] = [],
        timestamp: Int64? = nil
    ) -> Block {
        let proposer = proposer ?? Int(slot % UInt64(count))
        var block = Block(
            height: (parent?.height ?? 0) + 1, parent: parent?.hash ?? .genesis, slot: slot,
            proposer: Self.identity(proposer), timestamp: timestamp ?? start(of: slot), payload: payload,
            signature: .none
        )
        block.signature = KeyedSigner(identity: block.proposer).sign(block.signedBytes)
        return block
    }

    /// One block per slot, each on the one before.
    func chain(after parent: Block? = nil, slots: some Sequence<UInt64>, payload: [UInt8] = []) -> [Block] {
        var chain: [Block] = []
        for slot in slots { chain.append(block(after: chain.last ?? parent, slot: slot, payload: payload)) }
        return chain
    }
}

/// A signature that anybody can check and nobody in these tests forges: a keyed hash.
struct KeyedSigner: Signer {
    let identity: Identity

    func sign(_ bytes: [UInt8]) -> Signature {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ identity.key.prefix64
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return Signature(upper: Bytes32(hash, 1, 2, 3), lower: identity.key)
    }

    static func holds(_ check: SignatureCheck) -> Bool {
        KeyedSigner(identity: check.identity).sign(check.bytes) == check.signature
    }
}

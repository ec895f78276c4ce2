import Crypto
import Wire

/// Names a block: its height, the slot that it was proposed in, its hash.
public struct BlockTip: Sendable, Hashable, Codable {
    var height: UInt64
    var slot: UInt64
    var hash: BlockHash

    /// What stands below the first block. Slot 0 is its own; nobody proposes in it.
    static let genesis = BlockTip(height: 0, slot: 0, hash: .genesis)
}

/// A block. It has no payload: this module is an example.
public struct Block: Sendable, Hashable, Codable {
    var slot: UInt64
    var parent: BlockTip

    var tip: BlockTip {
        let hash = SHA256.hash(data: Self.bytes("block", [slot, parent.height, parent.slot], parent.hash))
        guard let bytes = Bytes32(Array(hash)) else { preconditionFailure("SHA-256 has 32 bytes") }
        return BlockTip(height: parent.height &+ 1, slot: slot, hash: BlockHash(bytes: bytes))
    }

    /// What is hashed or signed; `purpose` keeps a vote from passing for a proposal.
    static func bytes(_ purpose: String, _ numbers: [UInt64], _ hash: BlockHash) -> [UInt8] {
        Array("vote-chain \(purpose) 1".utf8) + hash.bytes.bytes
            + numbers.flatMap { number in withUnsafeBytes(of: number.bigEndian) { Array($0) } }
    }
}

/// A masternode's vote for a block.
public struct Vote: Sendable, Hashable, Codable {
    var slot: UInt64
    var hash: BlockHash
    var voter: Identity
    var signature: Signature

    var signedBytes: [UInt8] { Block.bytes("vote", [slot], hash) }

    func isFor(_ tip: BlockTip) -> Bool { slot == tip.slot && hash == tip.hash }
}

/// A block and a quorum's votes for it, sorted by voter.
public struct Certificate: Sendable, Hashable, Codable {
    /// The most votes that a message carries.
    static let maximumVotes = 1000

    var block: Block
    var votes: [Vote]
}

/// A block that the leader of its slot has signed, and the proof that its parent may be built on.
public struct Proposal: Sendable, Hashable, Codable {
    var block: Block
    var signature: Signature
    /// Nil where the parent is the genesis.
    var parent: Certificate?

    var signedBytes: [UInt8] { Block.bytes("proposal", [block.slot], block.tip.hash) }
}

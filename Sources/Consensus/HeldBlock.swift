import Crypto
import Wire

/// A block with its hash, so that it is hashed once.
struct HeldBlock: Sendable, Hashable {
    let block: Block
    let hash: BlockHash

    init(_ block: Block) {
        self.block = block
        let digest = SHA256.hash(data: block.signedBytes)
        guard let bytes = Bytes32(Array(digest)) else { preconditionFailure("SHA-256 has 32 bytes") }
        self.hash = BlockHash(bytes: bytes)
    }

    var height: UInt64 { block.height }
    var tip: ChainTip { ChainTip(height: block.height, hash: hash) }
    var parent: ChainTip { ChainTip(height: block.height &- 1, hash: block.parent) }
}

extension HeldBlock: Codable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let bytes = HexText.bytes(of: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "a held block is hex digits")
        }
        do throws(BlockRecordError) {
            self.init(try BlockRecord.decode(bytes))
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(HexText.text(of: BlockRecord.encode(block)))
    }
}

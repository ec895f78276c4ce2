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
        do throws(BlockRecordError) {
            self.init(try BlockRecord.decode(try container.bytes()))
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(BlockRecord.encode(block))
    }
}

extension SingleValueDecodingContainer {
    fileprivate func bytes() throws(BlockRecordError) -> [UInt8] {
        guard let bytes = try? decode([UInt8].self) else {
            throw BlockRecordError(code: .cutOff, message: "a held block is an array of bytes")
        }
        return bytes
    }
}

import Kernel
import Wire

/// How a block lies in the store: table 1, one row per height, its key the height, in a layout of fixed places.
///
/// | bytes | what |
/// |---|---|
/// | 0 | version of the layout, 1 |
/// | 1 ..< 9 | height, big-endian like every number here |
/// | 9 ..< 17 | slot |
/// | 17 ..< 25 | timestamp, two's complement |
/// | 25 ..< 57 | parent |
/// | 57 ..< 89 | proposer |
/// | 89 ..< 153 | signature |
/// | 153 ... | payload |
///
/// The hash is not stored: computing it again proves that the row is whole.
enum BlockRecord {
    static let version: UInt8 = 1
    static let table: UInt8 = 1
    private static let headerBytes = 153

    static func encode(_ block: Block) -> [UInt8] {
        var bytes: [UInt8] = [version]
        bytes.reserveCapacity(headerBytes + block.payload.count)
        for number in [block.height, block.slot, UInt64(bitPattern: block.timestamp)] {
            for shift in stride(from: 56, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(shift)))
            }
        }
        bytes += block.parent.bytes.bytes
        bytes += block.proposer.key.bytes
        bytes += block.signature.bytes
        bytes += block.payload
        return bytes
    }

    static func decode(_ bytes: [UInt8]) throws(BlockRecordError) -> Block {
        guard let version = bytes.first, version == Self.version else {
            throw BlockRecordError(
                code: .unknownVersion,
                message: "a stored block has layout \(bytes.first.map { "\($0)" } ?? "none"); this build reads 1"
            )
        }
        guard bytes.count >= headerBytes, let parent = Bytes32(bytes[25..<57]), let proposer = Bytes32(bytes[57..<89]),
            let signature = Signature(bytes[89..<153])
        else {
            throw BlockRecordError(
                code: .cutOff, message: "a stored block has \(bytes.count) bytes; it has \(headerBytes) or more"
            )
        }
        return Block(
            height: number(bytes[1..<9]), parent: BlockHash(bytes: parent), slot: number(bytes[9..<17]),
            proposer: Identity(key: proposer), timestamp: Int64(bitPattern: number(bytes[17..<25])),
            payload: Array(bytes[headerBytes...]), signature: signature
        )
    }

    /// The rows of the blocks from a height on.
    static func range(from height: UInt64) -> StoreRange {
        StoreRange(from: key(height), to: StoreRange(table: table).to)
    }

    static func key(_ height: UInt64) -> StoreKey { StoreKey(table: table, number: height) }

    private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// Why a stored block cannot be read.
struct BlockRecordError: Error, Hashable {
    enum Code: String {
        case unknownVersion = "unknown-version"
        case cutOff = "cut-off"
    }

    let code: Code
    let message: String
}

import Kernel
import Wire

/// What nodes with `slot-leader` say to each other.
public enum SlotLeaderMessage: ModuleMessage {
    /// Where the sender's chain ends.
    case tip(height: UInt64, hash: BlockHash)
    /// A new block.
    case block(Block)
    /// Asks for blocks of consecutive heights.
    case getBlocks(from: UInt64, limit: UInt32)
    /// The answer: blocks of consecutive heights, ``maximumBlocks`` at most.
    case blocks([Block])

    public enum Kind: UInt32, MessageKind {
        case tip = 1
        case block = 2
        case getBlocks = 3
        case blocks = 4

        public var traits: MessageTraits {
            switch self {
            case .tip: MessageTraits("tip", limit: 64, sendClass: .urgent)
            case .block: MessageTraits("block", limit: Channel.consensus.limit, sendClass: .urgent, cost: .block)
            case .getBlocks: MessageTraits("get-blocks", limit: 32, sendClass: .urgent)
            case .blocks: MessageTraits("blocks", limit: Channel.consensus.limit, cost: .block)
            }
        }
    }

    /// The most blocks of one answer.
    public static let maximumBlocks = 1000

    public static let scope = MessageScope(.consensus, "slot-leader")

    public static let samples: [SlotLeaderMessage] = {
        let block = Block(
            height: 3, parent: .genesis, slot: 9, proposer: Identity(key: Bytes32(1, 2, 3, 4)),
            timestamp: 1_765_929_600_000, payload: [1, 2, 3],
            signature: Signature(upper: Bytes32(5, 6, 7, 8), lower: Bytes32(9, 10, 11, 12))
        )
        return [
            .tip(height: 3, hash: BlockHash(bytes: Bytes32(4, 3, 2, 1))), .block(block),
            .getBlocks(from: 1, limit: 100), .blocks([]), .blocks([block, block]),
        ]
    }()

    public var kind: Kind {
        switch self {
        case .tip: .tip
        case .block: .block
        case .getBlocks: .getBlocks
        case .blocks: .blocks
        }
    }

    public var units: Int { if case .blocks(let blocks) = self { blocks.count } else { 1 } }

    public var isWellFormed: Bool {
        if case .blocks(let blocks) = self { blocks.count <= Self.maximumBlocks } else { true }
    }

    public func write(to body: inout BodyWriter) {
        switch self {
        case .tip(let height, let hash):
            body.number(1, height)
            body.bytes32(2, hash.bytes)
        case .block(let block): block.write(to: &body)
        case .getBlocks(let from, let limit):
            body.number(1, from)
            body.number(2, limit)
        case .blocks(let blocks):
            for block in blocks { body.message(1) { block.write(to: &$0) } }
        }
    }

    public static func read(_ kind: Kind, from body: inout BodyReader) throws(MessageFault) -> SlotLeaderMessage {
        switch kind {
        case .tip: return try tip(from: &body)
        case .block: return .block(try Block(from: &body))
        case .getBlocks: return try getBlocks(from: &body)
        case .blocks:
            var blocks: [Block] = []
            while let field = try body.next() {
                guard field == 1 else { continue }
                try body.append(to: &blocks, atMost: maximumBlocks, "blocks") { block throws(MessageFault) in
                    try Block(from: &block)
                }
            }
            return .blocks(blocks)
        }
    }

    private static func tip(from body: inout BodyReader) throws(MessageFault) -> SlotLeaderMessage {
        var height: UInt64 = 0
        var hash: Bytes32?
        while let field = try body.next() {
            switch field {
            case 1: height = try body.number()
            case 2: hash = try body.bytes32()
            default: break
            }
        }
        guard let hash else { throw .outOfRange("a tip has no hash") }
        return .tip(height: height, hash: BlockHash(bytes: hash))
    }

    private static func getBlocks(from body: inout BodyReader) throws(MessageFault) -> SlotLeaderMessage {
        var (from, limit): (UInt64, UInt32) = (0, 0)
        while let field = try body.next() {
            switch field {
            case 1: from = try body.number()
            case 2: limit = try body.number32()
            default: break
            }
        }
        return .getBlocks(from: from, limit: limit)
    }

    public func describe(to fields: inout TraceFields) {
        switch self {
        case .tip(let height, let hash):
            fields.add("height", height)
            fields.add("hash", hash)
        case .block(let block): block.describe(to: &fields)
        case .getBlocks(let from, let limit):
            fields.add("from", from)
            fields.add("limit", limit)
        case .blocks(let blocks): fields.add("blocks", blocks) { $0.describe(to: &$1) }
        }
    }
}

extension Block {
    func write(to body: inout BodyWriter) {
        body.number(1, height)
        body.bytes32(2, parent.bytes)
        body.number(3, slot)
        body.identity(4, proposer)
        body.number(5, timestamp)
        body.bytes(6, payload)
        body.signature(7, signature)
    }

    init(from body: inout BodyReader) throws(MessageFault) {
        var (height, slot, timestamp): (UInt64, UInt64, Int64) = (0, 0, 0)
        var parent: Bytes32?
        var proposer: Identity?
        var payload: [UInt8] = []
        var signature = Signature.none
        while let field = try body.next() {
            switch field {
            case 1: height = try body.number()
            case 2: parent = try body.bytes32()
            case 3: slot = try body.number()
            case 4: proposer = try body.identity()
            case 5: timestamp = try body.signed()
            case 6: payload = try body.bytes()
            case 7: signature = try body.signature()
            default: break
            }
        }
        guard let parent, let proposer else { throw .outOfRange("a block has no parent or no proposer") }
        self.init(
            height: height, parent: BlockHash(bytes: parent), slot: slot, proposer: proposer,
            timestamp: timestamp, payload: payload, signature: signature
        )
    }

    /// Without the payload, which the bytes hold.
    fileprivate func describe(to fields: inout TraceFields) {
        fields.add("height", height)
        fields.add("parent", parent)
        fields.add("slot", slot)
        fields.add("proposer", proposer)
        fields.add("timestamp_ms", timestamp)
        fields.add("payload_bytes", payload.count)
    }
}

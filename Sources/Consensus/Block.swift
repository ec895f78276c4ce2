import Wire

/// A block of the chain: what the leader of a slot signed.
public struct Block: Sendable, Hashable {
    /// One more than the parent's; the first block has height 1.
    public var height: UInt64
    /// Hash of the parent, `.genesis` before the first block.
    public var parent: BlockHash
    /// Which slot since the network's genesis.
    public var slot: UInt64
    /// Who signed.
    public var proposer: Identity
    /// Proposer's wall clock, milliseconds since 1970-01-01 UTC.
    public var timestamp: Int64
    /// What the application put in; opaque to consensus.
    public var payload: [UInt8]
    /// Over `signedBytes`.
    public var signature: Signature

    public init(
        height: UInt64, parent: BlockHash, slot: UInt64, proposer: Identity, timestamp: Int64, payload: [UInt8],
        signature: Signature
    ) {
        self.height = height
        self.parent = parent
        self.slot = slot
        self.proposer = proposer
        self.timestamp = timestamp
        self.payload = payload
        self.signature = signature
    }

    /// What the signature covers and the hash names: every field but the signature, in a fixed big-endian layout.
    public var signedBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128 + payload.count)
        bytes += "timenode block 1".utf8
        for number in [height, slot, UInt64(bitPattern: timestamp), UInt64(payload.count)] {
            withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
        }
        bytes += parent.bytes.bytes
        bytes += proposer.key.bytes
        bytes += payload
        return bytes
    }
}

import NIOCore
import Testing
import Wire

@testable import Consensus

/// What `slot-leader` takes for its messages, and what it does not.
struct SlotLeaderMessageTests {
    private static func read(_ kind: SlotLeaderMessage.Kind, _ body: [UInt8]) throws -> SlotLeaderMessage? {
        let raw = RawEnvelope(
            channel: .consensus, scope: SlotLeaderMessage.scope.number, kind: kind.rawValue, body: body)
        var message: SlotLeaderMessage?
        _ = try raw.withBody { reader throws(MessageFault) in
            message = try SlotLeaderMessage.read(kind, from: &reader)
        }
        return message
    }

    private static func fault(_ kind: SlotLeaderMessage.Kind, _ body: [UInt8]) -> MessageFault? {
        do {
            _ = try read(kind, body)
            return nil
        } catch {
            return error as? MessageFault
        }
    }

    private static func body(_ message: SlotLeaderMessage) -> [UInt8] {
        if case .module(let envelope) = Message(message) { envelope.body } else { [] }
    }

    private static let block = Block(
        height: 3, parent: .genesis, slot: 9, proposer: Identity(key: Bytes32(1, 2, 3, 4)),
        timestamp: -1, payload: [UInt8](repeating: 7, count: 300),
        signature: Signature(upper: Bytes32(5, 6, 7, 8), lower: .zero)
    )

    @Test(
        "each sample is as long on the wire as it says, and reads back as it was", arguments: SlotLeaderMessage.samples)
    func roundTrip(_ message: SlotLeaderMessage) throws {
        var buffer = ByteBuffer()
        #expect(FrameEncoder.encode(Message(message), into: &buffer))
        #expect(buffer.readableBytes == Message(message).encodedSize)
        #expect(try Self.read(message.kind, Self.body(message)) == message)
    }

    @Test("the bytes of a block are those of wire version 2")
    func blockBytes() {
        let small = Block(
            height: 1, parent: .genesis, slot: 300, proposer: Identity(key: Bytes32(0, 0, 0, 1)), timestamp: 2,
            payload: [9], signature: .none
        )
        let expected: [UInt8] =
            [8, 1, 18, 32] + [UInt8](repeating: 0, count: 32) + [24, 0xac, 2, 34, 32]
            + [UInt8](repeating: 0, count: 31) + [1, 40, 2, 50, 1, 9]
        #expect(Self.body(.block(small)) == expected)
    }

    @Test("a hash or a key of another length is refused", arguments: [0, 1, 31, 33, 64])
    func wrongLengths(_ count: Int) {
        let bytes = [UInt8(count)] + [UInt8](repeating: 1, count: count)
        let key = [UInt8(32)] + [UInt8](repeating: 2, count: 32)
        #expect(Self.fault(.tip, [18] + bytes)?.code == .outOfRange)
        #expect(Self.fault(.block, [18] + key + [34] + bytes)?.code == .outOfRange)
        #expect(Self.fault(.block, [18] + bytes + [34] + key)?.code == .outOfRange)
        #expect(Self.fault(.block, [18] + key + [34] + key) == nil)
    }

    @Test("a block of a key for which anybody can sign is refused")
    func weakKey() {
        let hash = [18, 32] + [UInt8](repeating: 2, count: 32)
        let weak = [UInt8](repeating: 0, count: 32)
        #expect(Self.fault(.block, hash + [34, 32] + weak)?.code == .outOfRange)
        #expect(Self.fault(.block, hash + [34, 32] + [UInt8](repeating: 2, count: 32)) == nil)
    }

    @Test("a tip without a hash and a block without its keys are refused")
    func missing() {
        #expect(Self.fault(.tip, [8, 1])?.code == .outOfRange)
        #expect(Self.fault(.block, [])?.code == .outOfRange)
        #expect(Self.fault(.blocks, [10, 0])?.code == .outOfRange)
    }

    @Test("a thousand blocks pass, one more does not")
    func blockCount() throws {
        let thousand = SlotLeaderMessage.blocks([Block](repeating: Self.block, count: 1000))
        #expect(Message(thousand).isEncodable)
        #expect(try Self.read(.blocks, Self.body(thousand)) == thousand)
        let more = SlotLeaderMessage.blocks([Block](repeating: Self.block, count: 1001))
        #expect(!Message(more).isEncodable)
        let fault = try #require(Self.fault(.blocks, Self.body(more)))
        #expect(fault.code == .outOfRange)
        #expect(fault.message.contains("more than 1000 blocks"))
    }

    @Test("two million empty blocks are refused at the first")
    func blockFlood() {
        let flood = (0..<4_000_000).map { $0 % 2 == 0 ? UInt8(10) : 0 }
        #expect(Self.fault(.blocks, flood)?.code == .outOfRange)
    }

    @Test("a list of blocks costs the receiver one block each")
    func cost() {
        #expect(SlotLeaderMessage.blocks([Self.block, Self.block]).units == 2)
        #expect(SlotLeaderMessage.block(Self.block).units == 1)
        #expect(SlotLeaderMessage.Kind.blocks.traits.cost == .block)
        #expect(SlotLeaderMessage.Kind.tip.traits.cost == .plain)
    }
}

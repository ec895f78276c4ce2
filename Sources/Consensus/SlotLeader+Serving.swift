import Kernel
import Wire

// Requests of others for blocks: from memory where the window reaches, else from the store.
extension SlotLeader {
    /// Requests that may wait for the store at once.
    private static let maximumReads = 32
    /// Bytes of one block in an answer besides its payload, at most.
    private static let blockFramingBytes = 256

    mutating func serve(from height: UInt64, limit: UInt32, over link: LinkID, _ context: inout Context) {
        let limit = min(Int(limit), Messages.maximumBlocks)
        guard state.isLoaded, limit > 0, height <= state.tree.tip.height, let first = state.tree.firstHeight else {
            return context.reply(Messages.blocks([]), to: link)
        }
        // What is below is kept no more: the answer begins with the lowest height that is.
        let from = max(1, height, min(state.writer.stored.first, first))
        if from >= first {
            return context.reply(
                Messages.blocks(Self.fitting(state.tree.range(from: from, limit: limit).map(\.block))), to: link)
        }
        let isWaiting = state.reads.contains { $0.link == link }
        guard !isWaiting, state.reads.count < Self.maximumReads else {
            context.observe(.messageDropped(link, .consensus, .rateLimited))
            return context.reply(Messages.blocks([]), to: link)
        }
        let token = read(
            .range(BlockRecord.range(from: from), rows: UInt(limit), bytes: UInt(Channel.consensus.limit)), &context)
        state.reads.append(ServingRead(token: token, link: link, from: from, limit: limit))
    }

    /// The store answered for a request.
    func answer(_ read: ServingRead, with rows: [StoreRow], _ context: inout Context) {
        var blocks: [Block] = []
        for row in rows.prefix(read.limit) {
            do throws(BlockRecordError) {
                let block = try BlockRecord.decode(row.value)
                // A gap in the store ends the answer; the peer asks somebody else for the rest.
                guard block.height == read.from + UInt64(blocks.count) else { break }
                blocks.append(block)
            } catch {
                context.note(.error, "row \(row.key.number ?? 0) of the chain cannot be read: \(error.message)")
                break
            }
        }
        context.reply(Messages.blocks(Self.fitting(blocks)), to: read.link)
    }

    /// The first of `blocks`, as many as one frame holds.
    private static func fitting(_ blocks: [Block]) -> [Block] {
        var bytes = 0
        let end = blocks.firstIndex { block in
            bytes += block.payload.count + blockFramingBytes
            return bytes > Channel.consensus.limit
        }
        return Array(blocks[..<(end ?? blocks.endIndex)])
    }
}

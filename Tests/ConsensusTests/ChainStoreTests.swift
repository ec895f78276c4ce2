import Kernel
import Store
import Testing
import Wire

@testable import Consensus

@Suite("slot-leader: a store that refuses, and one that is full")
struct ChainStoreTests {
    let network = TestNetwork(4)
    private let broken = StoreFailure(code: .failed, message: "the disk does not answer")
    private let full = StoreFailure(code: .full, message: "no space left on the disk")

    private func rig(
        _ number: Int = 3, store: MemoryStore = MemoryStore(), options: SlotLeaderOptions = SlotLeaderOptions(),
        wallAfterGenesis: Duration = .seconds(100_000)
    ) -> Rig {
        Rig(number, of: network, options: options, store: store, wallAfterGenesis: wallAfterGenesis)
    }

    private func started(_ rig: Rig) -> Rig {
        rig.start()
        for peer in 0..<3 { rig.link(to: peer) }
        rig.sent = []
        return rig
    }

    private func isWrite(_ effect: Effect) -> Bool { if case .persist = effect { true } else { false } }

    private func isRead(_ effect: Effect) -> Bool { if case .read = effect { true } else { false } }

    private func halts(_ rig: Rig) -> [StoreFailure] {
        rig.events.compactMap { if case .storeHalted(let failure) = $0 { failure } else { nil } }
    }

    private func heights(_ rig: Rig) -> [UInt64] { rig.storedChain.map(\.height) }

    // MARK: Reading

    @Test(
        "a first read that fails is tried again until the store answers, and meanwhile the node says what it waits for")
    func firstRead() {
        let store = MemoryStore()
        let before = started(rig(store: store))
        for block in network.chain(slots: 0..<20) { before.receive(.block(block), from: 0) }

        let rig = rig(store: store)
        rig.refusal = { [broken] in isRead($0) ? broken : nil }
        _ = started(rig)
        #expect(rig.status.waitingFor == .store && rig.status.storageFault == broken)
        #expect(halts(rig) == [broken])
        rig.advance(by: .seconds(100))
        #expect(rig.status.waitingFor == .store && rig.producedSlots.isEmpty)
        #expect(halts(rig) == [broken], "told once")
        rig.refusal = { _ in nil }
        rig.advance(by: .seconds(40))
        #expect(rig.status.waitingFor != .store && rig.status.storageFault == nil)
        #expect(rig.tip == before.tip || rig.status.height > 20)
        #expect(rig.events.contains(.storeResumed))
    }

    @Test("requests of peers whose read fails are answered with nothing, and leave room for the next")
    func servingReads() {
        let chain = network.chain(slots: 0..<60)
        let rig = started(rig(options: SlotLeaderOptions(window: 16)))
        for block in chain { rig.receive(.block(block), from: 0) }
        rig.sent = []
        rig.refusal = { [broken] in isRead($0) ? broken : nil }
        for _ in 0..<100 { rig.receive(.getBlocks(from: 5, limit: 5), from: 1) }
        #expect(rig.takeSent(to: 1) == Array(repeating: .blocks([]), count: 100))
        rig.refusal = { _ in nil }
        rig.receive(.getBlocks(from: 5, limit: 5), from: 1)
        #expect(rig.takeSent(to: 1) == [.blocks(Array(chain[4..<9]))])
    }

    // MARK: Writing

    @Test("an own block that the store refuses is not produced, is sent to nobody and is no part of the chain")
    func ownBlock() {
        let rig = started(rig(0, wallAfterGenesis: .seconds(-1)))
        rig.refusal = { [broken] in isWrite($0) ? broken : nil }
        rig.advance(toSlot: 0)
        #expect(rig.producedSlots.isEmpty && rig.status.height == 0)
        #expect(rig.skips == [.storeFailed])
        #expect(!rig.sent.contains { $0.message.block != nil })
        #expect(rig.status.storageFault == broken)
        rig.refusal = { _ in nil }
        rig.advance(toSlot: 8)
        #expect(rig.producedSlots.contains(8) && rig.status.storageFault == nil)
        #expect(halts(rig) == [broken] && rig.events.contains(.storeResumed))
    }

    @Test("a node whose store refuses signs no block until the store takes the chain again, and lacks none of it then")
    func halted() {
        let rig = started(rig(0, wallAfterGenesis: .seconds(-1)))
        let chain = network.chain(slots: [1, 2, 3, 5, 6, 7])
        rig.refusal = { [full] in isWrite($0) ? full : nil }
        rig.advance(toSlot: 3)
        for block in chain.prefix(3) { rig.receive(.block(block), from: 1) }
        #expect(rig.status.height == 3 && rig.status.storageFault == full)
        rig.advance(toSlot: 7)
        for block in chain.dropFirst(3) { rig.receive(.block(block), from: 1) }
        #expect(rig.producedSlots.isEmpty && heights(rig).isEmpty)
        rig.refusal = { _ in nil }
        rig.advance(by: .seconds(40))
        #expect(heights(rig) == Array(1...rig.status.height), "\(heights(rig))")
        #expect(rig.status.storageFault == nil)
    }

    @Test("each write failing once, whichever it is, leaves the store with the whole chain", arguments: 0..<14)
    func eachWrite(lost: Int) {
        let rig = started(rig(0, wallAfterGenesis: .seconds(-1)))
        var writes = 0
        rig.refusal = { [broken] effect in
            guard isWrite(effect) else { return nil }
            defer { writes += 1 }
            return writes == lost ? broken : nil
        }
        rig.advance(toSlot: 20)
        // A write of slot 24 that fails is tried again a second later.
        rig.advance(by: .seconds(45))
        #expect(heights(rig) == Array(1...rig.status.height))
        #expect(rig.storedChain.last?.tip == rig.tip)
        #expect(rig.status.storageFault == nil && rig.producedSlots.count >= 3)
    }

    @Test("each read failing once, whichever it is, leaves a node that goes on", arguments: 0..<4)
    func eachRead(lost: Int) {
        let store = MemoryStore()
        let before = started(rig(store: store, options: SlotLeaderOptions(window: 16)))
        for block in network.chain(slots: 0..<60) { before.receive(.block(block), from: 0) }
        let rig = rig(store: store, options: SlotLeaderOptions(window: 16))
        var reads = 0
        rig.refusal = { [broken] effect in
            guard isRead(effect) else { return nil }
            defer { reads += 1 }
            return reads == lost ? broken : nil
        }
        _ = started(rig)
        rig.receive(.getBlocks(from: 50, limit: 5), from: 1)
        rig.advance(by: .seconds(5))
        #expect(rig.status.height >= 60 && rig.status.storageFault == nil)
    }

    // MARK: How much is kept

    @Test("old blocks are deleted: never more than 'keep_blocks' stay, nor fewer than fifteen sixteenths")
    func keepBlocks() {
        let rig = started(rig(options: SlotLeaderOptions(window: 16, keepBlocks: 64)))
        for block in network.chain(slots: 0..<500) {
            rig.receive(.block(block), from: 0)
            let stored = heights(rig)
            #expect(stored.count <= 64 && (block.height < 64 || stored.count >= 60))
            #expect(stored.last == block.height && zip(stored, stored.dropFirst()).allSatisfy { $1 == $0 + 1 })
        }
    }

    @Test("the same by bytes, whatever is in the blocks")
    func keepBytes() {
        let limit = 64 << 10
        let rig = started(rig(options: SlotLeaderOptions(window: 16, keepBytes: limit)))
        var parent: Block?
        for slot in UInt64(0)..<200 {
            let payload = [UInt8](repeating: 1, count: slot % 10 == 0 ? 20_000 : 10)
            let block =
                parent.map { network.block(after: $0, slot: slot, payload: payload) }
                ?? network.block(slot: slot, payload: payload)
            rig.receive(.block(block), from: 0)
            parent = block
            #expect(rig.storedChain.reduce(0) { $0 + $1.payload.count } <= limit)
            #expect(heights(rig).last == block.height)
        }
    }

    @Test("a store that is too small for what is to be kept never halts the chain")
    func tooSmall() {
        let rig = started(rig(0, store: MemoryStore(maximumBytes: 64 << 10), wallAfterGenesis: .seconds(-1)))
        rig.advance(toSlot: 4 * 1_500)
        #expect(rig.status.height > 1_400 && rig.status.storageFault == nil)
        #expect(heights(rig).last == rig.status.height)
        #expect(rig.skips.count < 20)
        #expect(
            rig.events.contains { if case .note(.warning, let text) = $0 { text.contains("is full") } else { false } })
    }

    @Test("a node that restarts knows what it keeps, goes on deleting, and serves from the lowest height that is there")
    func restart() throws {
        let store = MemoryStore()
        let options = SlotLeaderOptions(window: 16, keepBlocks: 64)
        let chain = network.chain(slots: 0..<300)
        let before = started(rig(store: store, options: options))
        for block in chain.prefix(200) { before.receive(.block(block), from: 0) }
        let rig = started(rig(store: store, options: options))
        #expect(rig.tip == chain[199].tip)
        let lowest = try #require(heights(rig).first)
        rig.receive(.getBlocks(from: 1, limit: 10), from: 1)
        #expect(rig.takeSent(to: 1).last?.blocks?.first?.height == lowest)
        for block in chain.dropFirst(200) { rig.receive(.block(block), from: 0) }
        #expect(heights(rig).count <= 64 && heights(rig).last == 300)
    }

    @Test("fewer blocks to keep than there are: the next write deletes the rest")
    func lowered() {
        let store = MemoryStore()
        let chain = network.chain(slots: 0..<301)
        let before = started(rig(store: store, options: SlotLeaderOptions(window: 16)))
        for block in chain.prefix(300) { before.receive(.block(block), from: 0) }
        let rig = started(rig(store: store, options: SlotLeaderOptions(window: 16, keepBlocks: 64)))
        rig.receive(.block(chain[300]), from: 0)
        #expect(heights(rig).count <= 64 && heights(rig).last == 301)
    }

    @Test("the block that this node signed last is in its chain after a restart, although nothing else had stored it")
    func ownSurvives() {
        let store = MemoryStore()
        let before = started(rig(0, store: store, wallAfterGenesis: .seconds(-1)))
        var isFirst = true
        before.refusal = { [broken] effect in
            guard isWrite(effect) else { return nil }
            defer { isFirst = false }
            return isFirst ? nil : broken
        }
        before.advance(toSlot: 0)
        #expect(before.producedSlots == [0] && heights(before).isEmpty)
        let rig = started(rig(0, store: store, wallAfterGenesis: .seconds(5)))
        #expect(rig.tip == before.tip && heights(rig) == [1])
    }

    // MARK: Joining where the beginning is gone

    /// Hands the answers of a peer that keeps `kept` to every request.
    private func serve(_ rig: Rig, _ kept: [Block], as peer: Int) {
        for _ in 0..<50 {
            guard let from = rig.takeSent(to: peer).compactMap(\.getBlocksFrom).last else { return }
            let answer = kept.filter { $0.height >= from }.prefix(100)
            rig.receive(.blocks(Array(answer)), from: peer)
        }
    }

    @Test("a masternode with an empty store joins a chain whose beginning is gone, and builds no fork of its own")
    func joins() throws {
        let chain = network.chain(slots: 0..<400)
        let rig = started(rig(0, wallAfterGenesis: .seconds(4_001)))
        rig.receive(chain[399].tipMessage, from: 1)
        serve(rig, Array(chain.dropFirst(250)), as: 1)
        #expect(rig.tip == chain[399].tip)
        #expect(heights(rig) == Array(251...400))
        rig.advance(toSlot: 404)
        let own = try #require(rig.storedChain.last)
        #expect(own.height == 401 && own.parent == chain[399].hash)
    }

    @Test("a node that has a chain gives none of it up for blocks that do not reach it, and leads its slots meanwhile")
    func keepsItsChain() throws {
        let chain = network.chain(slots: 0..<20)
        let rig = started(rig(0, wallAfterGenesis: .seconds(4_001)))
        rig.receive(chain[19].tipMessage, from: 1)
        serve(rig, chain, as: 1)
        #expect(rig.tip == chain[19].tip)
        // Their parent is made up; each answer draws the conversation out.
        let foreign = network.chain(after: network.block(slot: 30), slots: 40..<60)
        let shown = foreign.map { block in
            var raised = block
            raised.height += 100
            return raised
        }
        for block in shown {
            rig.receive(block.tipMessage, from: 1)
            if rig.takeSent(to: 1).contains(where: { $0.getBlocksFrom != nil }) {
                rig.receive(.blocks([block]), from: 1)
            }
            rig.advance(by: .seconds(4))
        }
        #expect(rig.storedChain.prefix(20) == chain[...])
        #expect(rig.skips == [.notStarted] && rig.producedSlots == [404, 408])
    }

    @Test("a stranger cuts no history short while masternodes are linked, and blocks to join stop no leader")
    func joinsByMasternodes() throws {
        let chain = network.chain(slots: 0..<400)
        let rig = started(rig(0, wallAfterGenesis: .seconds(4_001)))
        rig.link(to: 9)
        rig.receive(chain[399].tipMessage, from: 9)
        serve(rig, Array(chain.dropFirst(250)), as: 9)
        #expect(rig.status.height == 0)
        rig.receive(chain[398].tipMessage, from: 1)
        serve(rig, [chain[398]], as: 1)
        rig.advance(toSlot: 404)
        #expect(rig.skips == [.notStarted] && rig.producedSlots == [404])
        // It has led before it heard of the chain, and joins it all the same.
        rig.receive(network.block(after: chain[399], slot: 403).tipMessage, from: 2)
        serve(rig, Array(chain.dropFirst(250)) + [network.block(after: chain[399], slot: 403)], as: 2)
        #expect(rig.status.height == 401)
    }

    @Test("blocks that too few masternodes have signed are no chain to join")
    func tooFewSigners() {
        let network = TestNetwork(4, minimum: 3)
        let rig = Rig(0, of: network, wallAfterGenesis: .seconds(4_001))
        rig.start()
        for peer in 1..<4 { rig.link(to: peer) }
        rig.sent = []
        let forged = network.chain(slots: stride(from: UInt64(1), to: 400, by: 4).map { $0 })
        let above = forged.dropFirst(50)
        rig.receive(forged[99].tipMessage, from: 1)
        serve(rig, Array(above), as: 1)
        #expect(rig.status.height == 0)
        #expect(
            rig.events.contains { if case .note(.warning, let text) = $0 { text.contains("not taken") } else { false } }
        )
        rig.advance(toSlot: 404)
        #expect(rig.producedSlots == [404], "one masternode's word stops nobody")
    }
}

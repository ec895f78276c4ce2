import Collections
import Wire

/// The blocks a node holds in memory: the end of the best chain, and branches that fork off from it.
///
/// The best chain's last `window` blocks lie in order of height; a branch block lies in `side`, sorted, and always has
/// its parent in one of the two. A branch that forks off below the window cannot be attached any more.
struct BlockTree: Codable, Sendable {
    /// What became of a block that was put in.
    enum Insertion {
        /// It was there already.
        case known
        /// Its parent is not held; nothing has changed.
        case unknownParent
        /// It is held, on a branch.
        case side
        /// The best chain now ends with it: `joined` are the blocks that came in, in order of height, `gaveUp` are
        /// those that went out, in order of height too.
        case joined([HeldBlock], gaveUp: [HeldBlock])
    }

    /// What branch blocks may take of memory, payloads included, beside the branch that is just growing.
    static let sideBudgetBytes = 64 << 20

    private(set) var main: Deque<HeldBlock> = []
    private(set) var side: [HeldBlock] = []
    private(set) var window: Int

    init(window: Int) {
        self.window = window
    }

    /// The end of the best chain.
    var tip: ChainTip { main.last?.tip ?? .genesis }

    /// The slot of the best chain's last block, nil before the first.
    var tipSlot: UInt64? { main.last?.block.slot }

    /// The lowest height at which a block can still be attached.
    var lowestHeight: UInt64 { reachesGenesis ? 1 : (main.first?.height ?? 0) + 1 }

    /// The lowest height that is held, nil where there is no block.
    var firstHeight: UInt64? { main.first?.height }

    private var reachesGenesis: Bool { main.first.map { $0.height == 1 } ?? true }

    func contains(_ tip: ChainTip) -> Bool { block(tip) != nil }

    func block(_ tip: ChainTip) -> HeldBlock? {
        if let held = mainBlock(at: tip.height), held.hash == tip.hash { return held }
        let place = sidePlace(tip)
        return place < side.count && side[place].tip == tip ? side[place] : nil
    }

    /// Whether the parent of `held` is here, so that it can be attached.
    func holdsParent(of held: HeldBlock) -> Bool {
        if held.parent == .genesis { return reachesGenesis }
        return contains(held.parent)
    }

    /// Whether some block here, at whatever height, has this hash.
    func containsHash(_ hash: BlockHash) -> Bool {
        main.contains { $0.hash == hash } || side.contains { $0.hash == hash }
    }

    /// Blocks of the best chain from `height` on.
    func range(from height: UInt64, limit: Int) -> some Collection<HeldBlock> {
        guard let first = firstHeight, height >= first, height <= tip.height else { return main[0..<0] }
        return main[Int(height - first)...].prefix(limit)
    }

    /// Keeps another number of blocks from now on.
    mutating func resize(window: Int) {
        self.window = window
        trim()
        evict(sparing: [])
    }

    /// Puts in the best chain's end as a store kept it, in order of height.
    mutating func load(_ blocks: [HeldBlock]) {
        precondition(main.isEmpty && side.isEmpty, "only an empty tree is loaded")
        main = Deque(blocks.suffix(window))
    }

    /// Begins anew with these blocks, which follow each other and reach above everything that is here.
    mutating func replace(with blocks: [HeldBlock]) {
        main = Deque(blocks.suffix(window))
        side = []
    }

    /// Puts a block in.
    ///
    /// - Parameter isContested: its leader has signed another block for its slot, which was here before. Then it does not
    ///   win by a lower hash: a leader could move everybody's chain as often as it likes. It counts as soon as a longer
    ///   chain is built on it.
    mutating func insert(_ held: HeldBlock, isContested: Bool = false) -> Insertion {
        if contains(held.tip) { return .known }
        guard held.height > 0, holdsParent(of: held) else { return .unknownParent }
        if held.parent == tip {
            main.append(held)
            trim()
            return .joined([held], gaveUp: [])
        }
        side.insert(held, at: sidePlace(held.tip))
        let branch = branch(endingWith: held)
        let isBetter = isContested ? held.height > tip.height : held.tip.isBetter(than: tip)
        guard isBetter else {
            evict(sparing: branch)
            return .side
        }
        return adopt(branch)
    }

    /// Takes out a block that is on no best chain, and all that is built on it.
    mutating func remove(branchFrom tip: ChainTip) {
        side.removeAll { $0.tip == tip }
        pruneSide()
    }

    // MARK: -

    /// The branch that ends with `held`, from its first block off the best chain on.
    private func branch(endingWith held: HeldBlock) -> [HeldBlock] {
        var path = [held]
        var parent = held.parent
        while mainBlock(at: parent.height)?.hash != parent.hash {
            let place = sidePlace(parent)
            guard place < side.count, side[place].tip == parent else { break }
            path.append(side[place])
            parent = side[place].parent
        }
        return path.reversed()
    }

    private mutating func adopt(_ branch: [HeldBlock]) -> Insertion {
        guard let first = branch.first else { return .side }
        let kept = main.firstIndex { $0.height >= first.height } ?? main.endIndex
        let gaveUp = Array(main[kept...])
        main.removeSubrange(kept...)
        for held in branch { side.remove(at: sidePlace(held.tip)) }
        for held in gaveUp { side.insert(held, at: sidePlace(held.tip)) }
        main += branch
        evict(sparing: [])
        trim()
        return .joined(branch, gaveUp: gaveUp)
    }

    /// Keeps memory bounded against a proposer that signs many blocks for its slots: the lowest branch goes first.
    private mutating func evict(sparing branch: [HeldBlock]) {
        while isSideFull, let index = side.firstIndex(where: { !branch.contains($0) }) {
            side.remove(at: index)
            pruneSide()
        }
    }

    private var isSideFull: Bool {
        side.count > window || side.reduce(0) { $0 + $1.block.payload.count } > Self.sideBudgetBytes
    }

    private mutating func trim() {
        guard main.count > window else { return }
        main.removeFirst(main.count - window)
        pruneSide()
    }

    /// Forgets branch blocks whose parent is gone. Parents come before their children in the order of heights.
    private mutating func pruneSide() {
        guard !side.isEmpty else { return }
        let all = side
        side = []
        for held in all where holdsParent(of: held) { side.append(held) }
    }

    /// The best chain's block of this height, nil where it is not held.
    func mainBlock(at height: UInt64) -> HeldBlock? {
        guard let first = firstHeight, height >= first, height - first < UInt64(main.count) else { return nil }
        return main[Int(height - first)]
    }

    /// The first place in `side` at or after `tip`.
    private func sidePlace(_ tip: ChainTip) -> Int {
        var low = 0
        var high = side.count
        while low < high {
            let middle = (low + high) / 2
            if ChainTip.precedes(side[middle].tip, tip) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

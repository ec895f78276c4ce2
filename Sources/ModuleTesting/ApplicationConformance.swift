import Collections
import Foundation
import Kernel
import Profile
import Wire

/// Tries an application: three instances get the same blocks, in turn as proposer, with payloads of their own and with
/// noise; blocks are taken back and applied again, and state is written out and read back.
///
/// ```swift
/// try ApplicationConformance(MyLedger.descriptor, transactions: MyLedger.samples).run().expectConforming()
/// ```
public struct ApplicationConformance: Sendable {
    /// What it asks of a module.
    public static let rules: [ConformanceRule] = [
        .determinism, .snapshot, .boundedness, .payloads, .inverse, .sameRoot,
    ]

    private let descriptor: ModuleDescriptor
    private let options: Options?
    private let transactions: [[UInt8]]
    private let exempt: [ConformanceRule]

    /// A trial of the module with these options, its defaults where there are none.
    ///
    /// - Parameters:
    ///   - transactions: some that the module takes in its first state; without them its blocks may all be empty.
    ///   - exempt: rules that the module is known to break; breaches of them are reported apart.
    public init(
        _ descriptor: ModuleDescriptor, options: Options? = nil, transactions: [[UInt8]],
        exempt: [ConformanceRule] = []
    ) {
        self.descriptor = descriptor
        self.options = options
        self.transactions = transactions
        self.exempt = exempt
    }

    /// Runs the module; takes about a second in a debug build.
    ///
    /// - Throws: ``ConformanceError`` where the module cannot be made. What it does wrong is in the report.
    public func run() throws -> ConformanceReport {
        guard case .application(let make) = descriptor.factory else {
            throw TrialSetup.wrongRole(descriptor, wanted: .application)
        }
        let build = try TrialSetup.maker(descriptor, options, make)
        var script = ApplicationScript(try Self.three(build), transactions)
        let first = script.perform()
        var again = ApplicationScript(try Self.three(build), transactions)
        let second = again.perform()
        var violations = first.violations
        if first.digest != second.digest {
            violations.append(
                Violation(
                    .determinism, "two runs with the same calls differ: the module depends on more than it is told"
                )
            )
        }
        return ConformanceReport(
            module: TrialSetup.name(of: descriptor), seen: violations, exempt: exempt, reasons: [],
            callbacks: first.calls, digest: first.digest
        )
    }

    private static func three(_ build: () throws -> any ApplicationPolicy) throws -> [any ApplicationPolicy] {
        [try build(), try build(), try build()]
    }
}

/// One run: a chain of blocks that three instances apply.
private struct ApplicationScript {
    private static let blocks: UInt64 = 60
    /// Blocks that may be taken back.
    private static let window: UInt64 = 16
    /// Noise that is handed in for each block.
    private static let noise = 40

    private var nodes: [any ApplicationPolicy]
    private let transactions: [[UInt8]]
    /// What each has had written, as a store would keep it.
    private var rows: [[StoreKey: [UInt8]]]
    private var chain: [(block: ApplicationBlock, root: Bytes32)] = []
    private var random = RandomStream(seed: 11, name: "application kit")
    private var hash = TraceHash()
    private var stateBytes: [Int] = []
    private(set) var violations: [Violation] = []
    private(set) var calls: UInt64 = 0

    init(_ nodes: [any ApplicationPolicy], _ transactions: [[UInt8]]) {
        self.nodes = nodes
        self.transactions = transactions
        self.rows = nodes.map { _ in [:] }
    }

    mutating func perform() -> (violations: [Violation], digest: String, calls: UInt64) {
        for index in nodes.indices { nodes[index].start(StageNetwork.view) }
        compareRoots("before the first block")
        for height in 1...Self.blocks {
            submit()
            let proposer = Int(height % 3)
            guard let block = propose(height, by: proposer), applyAll(block) else { break }
            if height.isMultiple(of: 7) { takeBack(Int(min(height, 5))) }
            if height.isMultiple(of: 11) { readBack(Int(height % 3)) }
            if height == Self.blocks / 3 || height == Self.blocks { measure() }
        }
        judgeGrowth()
        return (violations, hash.digest(), calls)
    }

    private mutating func report(_ rule: ConformanceRule, _ message: String) {
        let violation = Violation(rule, message)
        if violations.count(where: { $0.rule == rule }) < 3, !violations.contains(violation) {
            violations.append(violation)
        }
    }

    // MARK: Transactions and payloads

    private mutating func submit() {
        for index in nodes.indices {
            for transaction in transactions { _ = nodes[index].submit(transaction) }
        }
        for _ in 0..<Self.noise {
            let bytes = noise(below: 200)
            for index in nodes.indices { _ = nodes[index].submit(bytes) }
            calls += 3
        }
    }

    private mutating func noise(below limit: UInt64) -> [UInt8] {
        (0..<random.below(limit)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    private mutating func propose(_ height: UInt64, by proposer: Int) -> ApplicationBlock? {
        let limits = [0, 1, 100, 1000, 1 << 20]
        let frame = BlockFrame(
            height: height, parent: chain.last?.block.hash ?? .genesis,
            proposer: StageNetwork.identity(proposer), time: WallTime(milliseconds: Int64(height) * 10_000)
        )
        for limit in limits {
            let before = nodes[proposer].root
            let payload = nodes[proposer].propose(frame, limit: limit)
            calls += 1
            if payload.count > limit {
                report(.payloads, "it proposed \(payload.count) bytes where \(limit) were allowed")
            }
            if nodes[proposer].root != before { report(.payloads, "proposing a payload changed the state") }
        }
        // Noise is refused by all or taken by all.
        let noise = block(frame, noise(below: 300))
        let verdicts = nodes.map { $0.validate(noise) }
        if verdicts.contains(where: { $0 != verdicts[0] }) {
            report(.sameRoot, "of one block one node says \(verdicts[0]) and another one something else")
        }
        let limit = limits[Int(height % 5)]
        let payload = nodes[proposer].propose(frame, limit: limit)
        // Said above already; no block is made of it.
        guard payload.count <= limit else { return nil }
        let proposed = block(frame, payload)
        for (index, node) in nodes.enumerated() {
            guard case .refused(let reason) = node.validate(proposed) else { continue }
            report(.payloads, "node \(index) refuses what node \(proposer) proposed at height \(height): \(reason)")
            return nil
        }
        return proposed
    }

    private func block(_ frame: BlockFrame, _ payload: [UInt8]) -> ApplicationBlock {
        var hash = TraceHash()
        hash.add(frame.height, UInt64(payload.count))
        for byte in payload { hash.add(UInt64(byte), 0) }
        let digest = sha256(Array(hash.digest().utf8))
        return ApplicationBlock(frame: frame, hash: BlockHash(bytes: digest), payload: payload)
    }

    // MARK: Applying and taking back

    private mutating func applyAll(_ block: ApplicationBlock) -> Bool {
        for index in nodes.indices { _ = apply(block, at: index) }
        let root = nodes[0].root
        chain.append((block, root))
        for byte in root.bytes { hash.add(UInt64(byte), block.frame.height) }
        compareRoots("after block \(block.frame.height)")
        if rows[0] != rows[1] || rows[0] != rows[2] {
            report(.sameRoot, "after block \(block.frame.height) two nodes have other rows in their stores")
        }
        return !violations.contains { $0.rule == .sameRoot }
    }

    private mutating func apply(_ block: ApplicationBlock, at index: Int) -> AppliedBlock {
        let height = block.frame.height
        let applied = nodes[index].apply(block, settled: height > Self.window ? height - Self.window : 0)
        calls += 1
        write(applied.changes, at: index)
        if applied.root != nodes[index].root {
            report(.sameRoot, "apply returned another root than the module has after it")
        }
        return applied
    }

    private mutating func write(_ changes: StoreBatch, at index: Int) {
        for change in changes.changes {
            switch change {
            case .put(let key, let value): rows[index][key] = value
            case .delete(let key): rows[index][key] = nil
            case .deleteRange(let range):
                for key in rows[index].keys where range.contains(key) { rows[index][key] = nil }
            }
        }
    }

    private mutating func compareRoots(_ moment: String) {
        let roots = nodes.map(\.root)
        if roots.contains(where: { $0 != roots[0] }) { report(.sameRoot, "\(moment) two nodes have two roots") }
    }

    /// One node takes the last blocks back and applies them again.
    private mutating func takeBack(_ count: Int) {
        let index = Int(random.below(3))
        let taken = chain.suffix(count)
        let rowsBefore = rows[index]
        for place in taken.indices.reversed() {
            write(nodes[index].revert(chain[place].block), at: index)
            calls += 1
            let wanted = place > 0 ? chain[place - 1].root : nil
            if let wanted, nodes[index].root != wanted {
                let height = chain[place].block.frame.height
                report(.inverse, "after block \(height) was taken back the root is not as it was")
                return
            }
        }
        for entry in taken {
            guard nodes[index].validate(entry.block) == .accepted else {
                report(.inverse, "block \(entry.block.frame.height) is refused after it was taken back")
                return
            }
            if apply(entry.block, at: index).root != entry.root {
                report(.inverse, "block \(entry.block.frame.height), applied again, gives another root")
                return
            }
        }
        if rows[index] != rowsBefore { report(.inverse, "taking blocks back and applying them left other rows") }
    }

    // MARK: State

    private mutating func readBack(_ index: Int) {
        let before = nodes[index].root
        guard let copy = Self.readBack(nodes[index]) else {
            return report(.snapshot, "the state cannot be written out and read back")
        }
        nodes[index] = copy
        if copy.root != before { report(.snapshot, "a state that was written out and read back has another root") }
    }

    private static func readBack<Module: ApplicationPolicy>(_ module: Module) -> (any ApplicationPolicy)? {
        let codec = StateCodec()
        guard let bytes = try? codec.bytes(of: module.state),
            let state = try? codec.state(Module.State.self, from: bytes)
        else { return nil }
        var copy = module
        copy.state = state
        return copy
    }

    private mutating func measure() {
        stateBytes.append(Self.size(of: nodes[0]))
    }

    private static func size(of module: some ApplicationPolicy) -> Int {
        (try? StateCodec().bytes(of: module.state).count) ?? 0
    }

    /// Noise is not kept, and what is handed in again and again is kept once.
    private mutating func judgeGrowth() {
        guard let first = stateBytes.first, let last = stateBytes.last, last > 2 * first + 65_536 else { return }
        report(
            .boundedness, "its state grew from \(first) to \(last) bytes while the same was handed in again and again"
        )
    }
}

private func sha256(_ bytes: [UInt8]) -> Bytes32 {
    let hex = sha256Hex(bytes)
    return Bytes32(hex: hex) ?? Bytes32(0, 0, 0, 0)
}

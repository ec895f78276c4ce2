import Collections
import Kernel
import Lab
import Wire

/// Follows the chain of each node of a run by what it says it accepted.
final class ChainJudge {
    /// A block every ten seconds: so long without one is no chance.
    private static let patience: Int64 = 120_000_000_000

    private struct Chain {
        var blocks: OrderedDictionary<UInt64, BlockHash> = [:]
        var height: UInt64 = 0
        var grewAt: Int64 = 0
        var heardAt: Int64 = 0
    }

    private let watch: Watch
    private let finality: Int?
    private var chains: OrderedDictionary<String, Chain> = [:]
    private var final: OrderedDictionary<UInt64, BlockHash> = [:]
    private var now: Int64 = 0

    init(watch: Watch, finality: Int?) {
        self.watch = watch
        self.finality = finality
    }

    func see(_ record: TraceRecord) {
        now = record.time
        switch record.content {
        case .input(.start): chains[record.host] = Chain(heardAt: now)
        case .input: chains[record.host]?.heardAt = now
        case .effect(.observe(.blockAccepted(let height, let hash, _))): accepted(height, hash, record.host)
        case .effect, .process, .admitted: break
        }
    }

    private func accepted(_ height: UInt64, _ hash: BlockHash, _ host: String) {
        guard var chain = chains[host] else { return }
        chain.blocks[height] = hash
        chain.height = max(chain.height, height)
        chain.grewAt = now
        chains[host] = chain
        guard let finality, height > UInt64(finality) || finality == 0 else { return }
        let last = height - UInt64(finality)
        for height in stride(from: last, to: 0, by: -1) {
            guard let block = chain.blocks[height] else { break }
            guard let known = final[height] else {
                final[height] = block
                continue
            }
            guard known != block else { break }
            watch.report(
                .agreement, "\(host) has another final block at height \(height) than a node had before it"
            )
            return
        }
    }

    /// The end of a run whose last minutes had no fault.
    func judgeEnd() {
        let alive = chains.filter { now - $0.value.heardAt < Self.patience }
        for (host, chain) in alive where now - chain.grewAt > Self.patience {
            watch.report(
                .progress,
                "in a whole node, \(host) has accepted no block for the last \((now - chain.grewAt) / 1_000_000_000) s"
            )
        }
        // Two blocks may still be on their way.
        guard let lowest = alive.values.map(\.height).min(), lowest > 2 else { return }
        for height in stride(from: lowest - 2, to: max(0, lowest - min(lowest, 50)), by: -1) {
            var seen: [BlockHash] = []
            for chain in alive.values {
                if let block = chain.blocks[height], !seen.contains(block) { seen.append(block) }
            }
            guard seen.count > 1 else { continue }
            watch.report(
                .agreement, "five minutes after the last fault \(seen.count) different blocks stand at height \(height)"
            )
            return
        }
    }
}

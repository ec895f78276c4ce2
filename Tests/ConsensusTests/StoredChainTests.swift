import Kernel
import Testing

@testable import Consensus

@Suite("What of the chain is stored") struct StoredChainTests {
    @Test("it agrees with a plain list of sizes", arguments: UInt64(0)..<20)
    func model(seed: UInt64) {
        var random = RandomStream(seed: seed, name: "stored")
        var chain = StoredChain()
        var (first, sizes): (UInt64, [Int]) = (1, [])
        for _ in 0..<300 {
            switch random.below(6) {
            case 0 where !sizes.isEmpty:
                let height = first + random.below(UInt64(sizes.count) + 1)
                chain.truncate(from: height)
                sizes.removeLast(sizes.count - Int(height - first))
            case 1 where !sizes.isEmpty:
                let height = first + random.below(UInt64(sizes.count))
                chain.dropFirst(below: height)
                sizes.removeFirst(Int(height - first))
                first = height
            case 2 where first > 1:
                let size = Int(random.below(3)) * 100
                chain.prepend(size)
                sizes.insert(size, at: 0)
                first -= 1
            default:
                let size = Int(random.below(3)) * 100
                chain.append(size)
                sizes.append(size)
            }
            #expect(chain.first == first && chain.count == UInt64(sizes.count))
            #expect(chain.bytes == sizes.reduce(0, +))
            let (rows, limit) = (random.below(40), Int(random.below(4000)))
            var kept = sizes[...]
            while UInt64(kept.count) > rows || kept.reduce(0, +) > limit { kept.removeFirst() }
            let lowest = chain.lowestKept(rows: rows, bytes: limit)
            #expect(lowest == first + UInt64(sizes.count - kept.count))
        }
    }

    @Test("what is left of nothing is nothing, at the height that comes next")
    func empty() {
        var chain = StoredChain()
        chain.append(5)
        chain.dropFirst(below: 9)
        #expect(chain.count == 0 && chain.first == 9 && chain.bytes == 0)
        chain.append(5)
        chain.truncate(from: 3)
        #expect(chain.count == 0 && chain.first == 3 && chain.end == 3)
    }
}

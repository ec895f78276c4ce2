import Collections

/// Which heights of the best chain lie in the store, one row a height and no gap between them, and how many bytes their
/// rows take.
///
/// Rows of one size that follow each other are one entry: a chain of empty blocks takes one, however long it is.
struct StoredChain: Codable, Sendable, Hashable {
    private struct Run: Codable, Sendable, Hashable {
        var count: UInt64
        let bytes: Int
    }

    /// The lowest height; where there is none, the height that comes next.
    private(set) var first: UInt64 = 1
    /// How many heights there are.
    private(set) var count: UInt64 = 0
    /// What their rows take, keys and values.
    private(set) var bytes = 0
    private var runs: Deque<Run> = []

    var runCount: Int { runs.count }

    /// Whether the runs have as many rows and bytes as there are, none of a size that cannot be.
    var runsAddUp: Bool {
        var (rows, all) = (UInt64(0), 0)
        for run in runs {
            guard run.count <= count, (0...1 << 40).contains(run.bytes) else { return false }
            let (size, overflow) = run.bytes.multipliedReportingOverflow(by: Int(run.count))
            let (sum, isTooMuch) = all.addingReportingOverflow(size)
            guard !overflow, !isTooMuch else { return false }
            rows += run.count
            all = sum
            guard rows <= count else { return false }
        }
        return rows == count && all == bytes
    }

    /// One more than the highest height.
    var end: UInt64 { first + count }

    /// Nothing is stored; the next row is that of `height`.
    mutating func reset(at height: UInt64) {
        self = StoredChain()
        first = height
    }

    /// The row of the next height.
    mutating func append(_ size: Int) {
        if let last = runs.last, last.bytes == size {
            runs[runs.count - 1].count += 1
        } else {
            runs.append(Run(count: 1, bytes: size))
        }
        count += 1
        bytes += size
    }

    /// The row of the height below the lowest.
    mutating func prepend(_ size: Int) {
        if let lowest = runs.first, lowest.bytes == size {
            runs[0].count += 1
        } else {
            runs.prepend(Run(count: 1, bytes: size))
        }
        first -= 1
        count += 1
        bytes += size
    }

    /// Forgets the rows from `height` on.
    mutating func truncate(from height: UInt64) {
        guard height > first else { return reset(at: height) }
        while end > height, let last = runs.last {
            let gone = min(last.count, end - height)
            take(gone, of: runs.count - 1)
        }
    }

    /// Forgets the rows below `height`.
    mutating func dropFirst(below height: UInt64) {
        guard height < end else { return reset(at: max(height, end)) }
        while first < height, let lowest = runs.first {
            let gone = min(lowest.count, height - first)
            take(gone, of: 0)
            first += gone
        }
    }

    /// The lowest height that stays where no more than so many rows and so many bytes may.
    func lowestKept(rows: UInt64, bytes limit: Int) -> UInt64 {
        var (height, rest, left) = (first, count, bytes)
        for run in runs where rest > rows || left > limit {
            let byRows = rest > rows ? rest - rows : 0
            let overBytes = max(0, left - limit)
            let byBytes: UInt64
            if run.bytes > 0 {
                byBytes = UInt64((overBytes + run.bytes - 1) / run.bytes)
            } else {
                byBytes = overBytes > 0 ? run.count : 0
            }
            let gone = min(run.count, max(byRows, byBytes))
            height += gone
            rest -= gone
            left -= Int(gone) * run.bytes
        }
        return height
    }

    private mutating func take(_ gone: UInt64, of place: Int) {
        count -= gone
        bytes -= Int(gone) * runs[place].bytes
        runs[place].count -= gone
        if runs[place].count == 0 { runs.remove(at: place) }
    }
}

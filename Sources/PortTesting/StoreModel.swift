import Kernel

/// What a store is, as plainly as it can be said.
struct StoreModel {
    private var spaces: [StoreSpace.Name: [StoreKey: [UInt8]]] = [:]

    /// Applies commits that no store has a reason to refuse.
    mutating func apply(_ commits: [StoreCommit]) {
        for commit in commits {
            var rows = spaces[commit.space.name] ?? [:]
            for change in commit.batch.changes {
                switch change {
                case .put(let key, let value): rows[key] = value
                case .delete(let key): rows[key] = nil
                case .deleteRange(let range): rows = rows.filter { !range.contains($0.key) }
                }
            }
            spaces[commit.space.name] = rows
        }
    }

    func read(_ query: StoreQuery, in space: StoreSpace) -> StoreAnswer {
        let rows = (spaces[space.name] ?? [:]).map { StoreRow(key: $0.key, value: $0.value) }
            .sorted { $0.key < $1.key }
        switch query {
        case .get(let key): return StoreAnswer(rows.filter { $0.key == key })
        case .range(let range, let mostRows, let mostBytes, let isReversed):
            let inRange = rows.filter { range.contains($0.key) }
            var answer = StoreAnswer()
            var bytes: UInt = 0
            for row in isReversed ? inRange.reversed() : inRange {
                bytes += UInt(row.byteCount)
                guard answer.rows.count < mostRows, answer.rows.isEmpty || bytes <= mostBytes else { break }
                answer.rows.append(row)
            }
            answer.hasMore = answer.rows.count < inRange.count
            return answer
        }
    }
}

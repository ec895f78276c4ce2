/// The newest records of a run in bounded memory: segments, each of which begins with a checkpoint, so that what is
/// left when the oldest are dropped can still be replayed.
package struct TraceRing: Sendable {
    /// The bound on everything held, in bytes.
    package let limit: Int
    /// Bytes held now.
    package private(set) var byteCount = 0
    /// Segments that were dropped.
    package private(set) var dropped: UInt64 = 0
    private var segments: [Segment] = []

    private struct Segment {
        var bytes: [UInt8]
        var records: Int
        /// Bytes of its checkpoint.
        let checkpoint: Int
    }

    /// How many segments share the room: with four, at least half of the bound holds records that can be replayed.
    private static let shares = 4

    package init(limit: Int) {
        self.limit = limit
    }

    /// Lines held.
    package var records: Int { segments.reduce(0) { $0 + $1.records } }

    /// The next record must be a checkpoint: nothing is held, or the newest segment has its share.
    package var wantsCheckpoint: Bool {
        segments.last.map { $0.bytes.count - $0.checkpoint >= limit / Self.shares } ?? true
    }

    /// Begins a segment with a checkpoint's line.
    ///
    /// - Returns: false where the line is so long that records would find no room beside it; nothing is held then.
    package mutating func begin(_ line: [UInt8]) -> Bool {
        guard line.count <= limit / 2 else {
            dropped += UInt64(segments.count)
            segments = []
            byteCount = 0
            return false
        }
        segments.append(Segment(bytes: line, records: 1, checkpoint: line.count))
        byteCount += line.count
        dropOldest()
        return true
    }

    /// Adds whole lines to the newest segment; they go with it.
    package mutating func append(_ lines: [UInt8], records: Int) {
        guard !segments.isEmpty else { return }
        segments[segments.count - 1].bytes += lines
        segments[segments.count - 1].records += records
        byteCount += lines.count
        dropOldest()
    }

    private mutating func dropOldest() {
        var count = 0
        while byteCount > limit, count < segments.count {
            byteCount -= segments[count].bytes.count
            count += 1
        }
        guard count > 0 else { return }
        segments.removeFirst(count)
        dropped += UInt64(count)
    }

    /// What is held, oldest first.
    package var content: [[UInt8]] { segments.map(\.bytes) }
}

import Foundation
import Testing

@testable import Kernel

@Suite("Keys, ranges and answers of a store") struct StoreValueTests {
    @Test("keys are ordered byte by byte, and a key comes before every longer one that begins with it")
    func order() {
        let keys: [StoreKey] = [[], [0], [0, 0], [0, 1], [1], [1, 255], [2], [255], [255, 0]]
        #expect(keys.shuffled().sorted() == keys)
        let numbers: [UInt64] = [0, 1, 255, 256, 1 << 32, .max]
        #expect(numbers.map { StoreKey(table: 1, number: $0) }.sorted().map(\.number) == numbers)
        #expect(StoreKey([1, 2]).number == nil)
    }

    @Test("a range has its first key and not its end, and a table has all its numbers")
    func ranges() {
        let range = StoreRange(from: [1], to: [2])
        #expect(range.contains([1]) && range.contains([1, 255]) && !range.contains([2]) && !range.contains([0, 255]))
        for table in [UInt8(0), 7, .max] {
            let all = StoreRange(table: table)
            #expect(
                all.contains(StoreKey(table: table, number: 0)) && all.contains(StoreKey(table: table, number: .max)))
            #expect(!all.contains(StoreKey(table: table &+ 1, number: 0)))
        }
        #expect(!StoreRange(from: [2], to: [1]).contains([1]))
        #expect(StoreRange(table: 1, numbers: 2..<4).contains(StoreKey(table: 1, number: 3)))
        #expect(!StoreRange(table: 1, numbers: 2..<4).contains(StoreKey(table: 1, number: 4)))
    }

    @Test("an answer ends at the limit of rows or of bytes, and says that there is more")
    func limits() {
        let rows = (0..<5).map { StoreRow(key: [$0], value: [UInt8](repeating: 0, count: 9)) }
        func answer(_ most: UInt = .max, _ bytes: UInt = .max) -> StoreAnswer {
            StoreAnswer(to: .range(.all, rows: most, bytes: bytes), walking: rows)
        }
        #expect(answer() == StoreAnswer(rows))
        #expect(answer(5) == StoreAnswer(rows))
        #expect(answer(4) == StoreAnswer(Array(rows.prefix(4)), hasMore: true))
        #expect(answer(0) == StoreAnswer(hasMore: true))
        #expect(answer(.max, 50) == StoreAnswer(rows))
        #expect(answer(.max, 49) == StoreAnswer(Array(rows.prefix(4)), hasMore: true))
        #expect(answer(.max, 0) == StoreAnswer(Array(rows.prefix(1)), hasMore: true), "one row always goes through")
        #expect(StoreAnswer(to: .range(.all, rows: 0), walking: []) == StoreAnswer())
        #expect(StoreAnswer(to: .get([0]), walking: rows) == StoreAnswer([rows[0]]))
    }

    @Test("what a store throws keeps its kind, and anything else is a failure with its words")
    func failures() {
        struct Broken: Error {}
        let full = StoreFailure(code: .full, message: "no room")
        #expect(StoreFailure(full as any Error) == full)
        #expect(StoreFailure(Broken()) == StoreFailure(code: .failed, message: "Broken()"))
    }
}

@Suite("Verdicts on signatures") struct SignatureVerdictsTests {
    @Test("each bit is its own, at every size", arguments: [0, 1, 5, 63, 64, 65, 128, 129, 1000])
    func bits(count: Int) throws {
        var random = RandomStream(seed: UInt64(count), name: "verdicts")
        let expected = (0..<count).map { _ in random.chance(3, in: 4) }
        let verdicts = SignatureVerdicts(expected)
        #expect((0..<count).map { verdicts[$0] } == expected)
        #expect(!verdicts[count] && !verdicts[-1])
        #expect(verdicts.leadingCount == expected.firstIndex(of: false) ?? count)
        #expect(SignatureVerdicts(repeating: true, count: count).allHold)
        #expect(SignatureVerdicts(repeating: true, count: count).leadingCount == count)
        #expect(SignatureVerdicts(words: verdicts.words, count: count) == verdicts)
        let copy = try JSONDecoder().decode(SignatureVerdicts.self, from: JSONEncoder().encode(verdicts))
        #expect(copy == verdicts)
    }

    @Test("words that do not fit the number of checks are refused")
    func misfits() {
        #expect(SignatureVerdicts(words: [], count: 0) == nil)
        #expect(SignatureVerdicts(words: [0], count: -1) == nil)
        #expect(SignatureVerdicts(words: [0], count: .max) == nil)
        #expect(SignatureVerdicts(words: [1], count: 0) == nil)
        #expect(SignatureVerdicts(words: [2], count: 1) == nil)
        #expect(SignatureVerdicts(words: [0], count: 65) == nil)
        #expect(SignatureVerdicts(words: [0, 0], count: 64) == nil)
    }
}

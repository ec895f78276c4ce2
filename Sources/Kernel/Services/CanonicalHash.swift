/// A hash of 128 bits over words, the same in every process: to tell states apart of which there are millions.
///
/// Two lanes of full-width products, as in wyhash. Of ten million states two collide with a probability of 10^-25; it
/// withstands nobody who looks for a collision.
package struct CanonicalHash: Sendable, Hashable {
    private var first: UInt64 = 0x9e37_79b9_7f4a_7c15
    private var second: UInt64 = 0xd1b5_4a32_d192_ed03

    package init() {}

    /// Adds a word; the order counts.
    package mutating func add(_ word: UInt64) {
        let left = (first ^ word).multipliedFullWidth(by: 0xa076_1d64_78bd_642f)
        first = left.high ^ left.low &+ second
        let right = (second ^ word &+ 0xe703_7ed1_a0b4_28db).multipliedFullWidth(by: 0x8ebc_6af0_9c88_c6e3)
        second = right.high ^ right.low ^ first << 1
    }

    /// Adds a number.
    package mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number))) }

    /// Adds a truth.
    package mutating func add(_ truth: Bool) { add(truth ? 1 : 0 as UInt64) }

    /// Adds a word's letters.
    package mutating func add(_ text: String) {
        add(FNV1a.hash(text.utf8))
    }

    /// Adds a value that may be missing, told apart from every value.
    package mutating func add(_ word: UInt64?) {
        add(word == nil)
        if let word { add(word) }
    }

    /// The lanes as one word, to choose a shard or to print.
    package var word: UInt64 { first ^ second }
}

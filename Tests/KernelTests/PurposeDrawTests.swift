import Testing

@testable import Kernel

/// Draws that are for one thing each.
struct PurposeDrawTests {
    /// What a node draws for these purposes, in this order, with other draws in between or without.
    private func draws(_ purposes: [UInt64], seed: UInt64 = 1, between others: Int = 0) -> [UInt64: Duration] {
        let node = ScriptedNode(seed: seed).node
        var drawn: [UInt64: Duration] = [:]
        for purpose in purposes {
            for _ in 0..<others { _ = node.machine.context.randomBits() }
            drawn[purpose] = node.machine.context.random(below: .seconds(10), for: purpose)
        }
        return drawn
    }

    @Test("neither their order nor other draws move them")
    func order() {
        let plain = draws([1, 2, 3])
        #expect(draws([3, 1, 2]) == plain)
        #expect(draws([1, 2, 3], between: 5) == plain)
        #expect(Set(plain.values).count == 3)
    }

    @Test("another seed, and another purpose, give others, all below the limit")
    func spread() {
        #expect(draws([1], seed: 2) != draws([1], seed: 1))
        let many = draws(Array(0..<1000)).values
        #expect(Set(many).count == 1000)
        #expect(many.allSatisfy { $0 >= .zero && $0 < .seconds(10) })
        let mean = many.reduce(Duration.zero, +) / 1000
        #expect(mean > .seconds(4.7) && mean < .seconds(5.3))
    }
}

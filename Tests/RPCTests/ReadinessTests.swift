import Foundation
import Testing
import Wire

@testable import Kernel

@Suite("Whether a node is ready") struct ReadinessTests {
    typealias Fixture = StatusFixture

    /// Slots of ten seconds since genesis, three masternodes, two needed.
    private static let genesis = WallTime(milliseconds: 1_700_000_000_000)
    private static let network: NetworkView = {
        var network = Fixture.network
        network.genesis = genesis
        return network
    }()

    private static func moment(_ second: Int64) -> WallTime {
        WallTime(milliseconds: genesis.milliseconds + second * 1_000)
    }

    /// - Parameters:
    ///   - second: now, since genesis.
    ///   - block: when the newest block was made.
    ///   - due: from when on the module says that another one is overdue.
    private func readiness(
        at second: Int64, block: Int64?, uptime: Int64 = 1_000, active: Int = 3, height: UInt64 = 7, due: Int64? = nil,
        waitingFor: ChainWait? = nil
    ) -> Readiness {
        let chain = ChainStatus(
            height: height, hash: .genesis, activeMasternodes: active, lastBlockAt: block.map(Self.moment),
            overdueFrom: due.map(Self.moment), waitingFor: waitingFor
        )
        return Readiness(network: Self.network, chain: chain, uptime: .seconds(uptime), wall: Self.moment(second))
    }

    @Test("a node with a young block is ready, and tells its age and the limit")
    func ready() {
        let readiness = readiness(at: 1_005, block: 1_000)
        #expect(readiness.isReady)
        #expect(readiness.lastBlockAgeSeconds == 5)
        #expect(readiness.lastBlockLimitSeconds == 30)
    }

    @Test(
        "as many slots may pass without a block as masternodes are away, and three more",
        arguments: [(3, 30), (2, 40), (0, 60)])
    func limit(active: Int, seconds: Int64) {
        #expect(Readiness.blockLimit(of: Self.network, activeMasternodes: active) == .seconds(seconds))
        let young = readiness(at: 1_000 + seconds, block: 1_000, active: active)
        let old = readiness(at: 1_001 + seconds, block: 1_000, active: active)
        #expect(!young.reasons.contains { $0.code == .noBlock })
        #expect(old.reasons.contains { $0.code == .noBlock })
    }

    @Test("where the consensus module knows that a block should have come before that, its word counts")
    func modulesWord() {
        #expect(readiness(at: 1_009, block: 1_000, due: 1_010).isReady)
        let late = readiness(at: 1_011, block: 1_000, due: 1_010)
        #expect(late.reasons.map(\.code) == [.noBlock])
        #expect(late.lastBlockLimitSeconds == 10)
        #expect(readiness(at: 1_029, block: 1_000, due: 1_080).isReady)
        #expect(!readiness(at: 1_031, block: 1_000, due: 1_080).isReady)
    }

    @Test("slots of a tenth of a second do not make a busy machine a halted chain")
    func shortSlots() {
        var network = Self.network
        network.slotInterval = .milliseconds(100)
        #expect(Readiness.blockLimit(of: network, activeMasternodes: 3) == .seconds(10))
    }

    @Test("a module that expects the next block within a moment does not either")
    func impatientModule() {
        let readiness = readiness(at: 1_009, block: 1_000, due: 1_001)
        #expect(readiness.isReady)
        #expect(readiness.lastBlockLimitSeconds == 10)
    }

    @Test("a halted chain is told with its height and age, and what to look at")
    func halted() {
        let readiness = readiness(at: 1_060, block: 1_000, height: 41)
        #expect(readiness.reasons.map(\.code) == [.noBlock])
        #expect(
            readiness.reasons.first?.text
                == "the newest block, height 41, is 1m old, and 30s are allowed; compare this host's clock, and see the log "
                + "and /peers"
        )
    }

    @Test("a node that lags and gets blocks catches up; one that is at the end of the chain does not")
    func catchingUp() {
        #expect(readiness(at: 5_000, block: 1_000, waitingFor: .blocks).reasons.map(\.code) == [.catchingUp])
        #expect(readiness(at: 1_005, block: 1_000, waitingFor: .blocks).isReady)
    }

    @Test(
        "what keeps a node from its work counts however young its newest block is",
        arguments: [(ChainWait.store, Readiness.Code.store), (.clock, .clock), (.identity, .identityInUse)])
    func waiting(wait: ChainWait, code: Readiness.Code) {
        let readiness = readiness(at: 1_005, block: 1_000, waitingFor: wait)
        #expect(readiness.reasons.map(\.code) == [code])
        #expect(readiness.reasons.first?.text.isEmpty == false)
    }

    @Test("before genesis it says when the chain begins")
    func beforeGenesis() {
        let readiness = readiness(at: -90, block: nil, height: 0)
        #expect(readiness.reasons.map(\.code) == [.beforeGenesis])
        #expect(
            readiness.reasons.first?.text == "the chain begins at 2023-11-14T22:13:20Z, in 1m30s by this host's clock")
        #expect(self.readiness(at: 0, block: nil, height: 0).isReady)
    }

    @Test("a node without a block is ready for a while after genesis and not in an old chain")
    func noBlockYet() {
        #expect(readiness(at: 25, block: nil, uptime: 25, height: 0).isReady)
        // It has just started, and the chain is a thousand slots old.
        #expect(readiness(at: 10_000, block: nil, uptime: 1, height: 0).reasons.map(\.code) == [.noBlock])
        // Its module does not say how old the blocks are.
        #expect(readiness(at: 10_000, block: nil, uptime: 25, height: 900).isReady)
        #expect(!readiness(at: 10_000, block: nil, uptime: 31, height: 900).isReady)
    }

    @Test("too few masternodes come first among several reasons")
    func severalReasons() {
        let readiness = readiness(at: 9_000, block: 1_000, active: 1, waitingFor: .masternodes)
        #expect(readiness.reasons.map(\.code) == [.tooFewMasternodes, .noBlock])
        #expect(
            self.readiness(at: -1, block: nil, active: 1).reasons.map(\.code) == [.tooFewMasternodes, .beforeGenesis]
        )
    }

    @Test("a block of the future has no age")
    func clockBehind() {
        let readiness = readiness(at: 900, block: 1_000)
        #expect(readiness.isReady)
        #expect(readiness.lastBlockAgeSeconds == 0)
    }

    @Test("the greatest and the least numbers break nothing")
    func extremes() {
        for (wall, block) in [(Int64.max, Int64.min), (.min, .max), (0, 0), (.max, .max)] {
            let chain = ChainStatus(
                height: .max, hash: .genesis, activeMasternodes: .max, lastBlockAt: WallTime(milliseconds: block),
                overdueFrom: WallTime(milliseconds: block), waitingFor: nil
            )
            let readiness = Readiness(
                network: Self.network, chain: chain, uptime: .seconds(Int64.max), wall: WallTime(milliseconds: wall)
            )
            #expect((readiness.lastBlockLimitSeconds ?? -1) >= 0)
        }
    }
}

import Profile
import Wire

/// Whether a node can do its work now, and if not, each reason.
///
/// JSON: `{"last_block_age_seconds":31.2,"last_block_limit_seconds":10,
/// "reasons":[{"code":"no-block","text":"no block for 31 s, …"}]}`.
public struct Readiness: Sendable, Hashable, Codable {
    /// Why a node is not ready. The raw value is a word for programs.
    public enum Code: String, Sendable, Hashable, Codable, CaseIterable {
        /// The chain has not begun by this host's clock.
        case beforeGenesis = "before-genesis"
        /// Fewer masternodes are linked than a block needs.
        case tooFewMasternodes = "too-few-masternodes"
        /// The store has not answered, or takes nothing.
        case store
        /// This host's clock and the chain's do not agree.
        case clock
        /// Another process with this node's key makes its blocks.
        case identityInUse = "identity-in-use"
        /// The newest block is older than it may be, and blocks come in.
        case catchingUp = "catching-up"
        /// The newest block is older than it may be.
        case noBlock = "no-block"
    }

    /// One reason, with the word and with figures for people.
    public struct Reason: Sendable, Hashable, Codable {
        public let code: Code
        public let text: String
    }

    /// Why the node is not ready, the weightiest first; none where it is.
    public let reasons: [Reason]
    /// How old the newest block is by this host's clock; nil before the first, and where the consensus module does not say.
    public let lastBlockAgeSeconds: Double?
    /// How old it may be.
    public let lastBlockLimitSeconds: Double?

    /// Whether nothing speaks against it.
    public var isReady: Bool { reasons.isEmpty }

    private enum CodingKeys: String, CodingKey {
        case reasons
        case lastBlockAgeSeconds = "last_block_age_seconds"
        case lastBlockLimitSeconds = "last_block_limit_seconds"
    }

    /// However short the slots are, a younger block is young enough: a busy machine is no halted chain.
    public static let leastBlockLimit: Duration = .seconds(10)
    /// Slots without a block that are no cause for alarm beside those of masternodes that are away.
    private static let slotsOfGrace = 3

    /// How old the newest block may be: all masternodes that are away may have their slots one after another.
    public static func blockLimit(of network: NetworkView, activeMasternodes: Int) -> Duration {
        let absent = max(0, network.masternodes.count - activeMasternodes)
        return max(leastBlockLimit, network.slotInterval * (absent + slotsOfGrace))
    }

    /// - Parameters:
    ///   - uptime: how long the node has run.
    ///   - wall: the host's clock; nil where the driver does not say, and then ages are not known.
    init(network: NetworkView, chain: ChainStatus, uptime: Duration, wall: WallTime?) {
        var reasons = Self.reasons(of: chain, network)
        var limit = Self.blockLimit(of: network, activeMasternodes: chain.activeMasternodes)
        var age: Duration?
        if let wall, wall < network.genesis {
            reasons.append(Self.beforeGenesis(network.genesis, wall))
        } else if let wall {
            age = chain.lastBlockAt.map { wall.since($0) }
            // The consensus module may know better when the next block should have come.
            if let last = chain.lastBlockAt, let overdue = chain.overdueFrom {
                limit = max(Self.leastBlockLimit, min(limit, overdue.since(last)))
            }
            // Before a node's first block the chain is as old as its genesis.
            let wait = age ?? (chain.height == 0 ? wall.since(network.genesis) : uptime)
            if wait > limit {
                reasons.append(
                    chain.waitingFor == .blocks
                        ? Self.catchingUp(chain.height, wait)
                        : Self.noBlock(chain.height, wait, limit, hasAge: age != nil)
                )
            }
        }
        self.reasons = reasons
        lastBlockAgeSeconds = age.map(wholeMilliseconds)
        lastBlockLimitSeconds = wholeMilliseconds(limit)
    }

    /// What speaks against it however young the newest block is.
    private static func reasons(of chain: ChainStatus, _ network: NetworkView) -> [Reason] {
        var reasons: [Reason] = []
        if chain.activeMasternodes < network.minimumMasternodes {
            let text =
                "\(chain.activeMasternodes) active, \(network.minimumMasternodes) needed for blocks; /peers says why"
            reasons.append(Reason(code: .tooFewMasternodes, text: text))
        }
        switch chain.waitingFor {
        case .store:
            let text = chain.storageFault?.message ?? "the store has not answered yet; see the log"
            reasons.append(Reason(code: .store, text: text))
        case .clock:
            let text = "this host's clock and the chain's do not agree; see that NTP runs, here and at the peers"
            reasons.append(Reason(code: .clock, text: text))
        case .identity:
            reasons.append(Reason(code: .identityInUse, text: StatusProblem.Code.identityInUse.remedy))
        case .masternodes, .blocks, nil: break
        }
        return reasons
    }

    private static func beforeGenesis(_ genesis: WallTime, _ wall: WallTime) -> Reason {
        Reason(
            code: .beforeGenesis,
            text: "the chain begins at \(genesis.written), in \(words(genesis.since(wall))) by this host's clock"
        )
    }

    private static func catchingUp(_ height: UInt64, _ age: Duration) -> Reason {
        Reason(code: .catchingUp, text: "at height \(height), whose block is \(words(age)) old; blocks are coming in")
    }

    private static func noBlock(_ height: UInt64, _ wait: Duration, _ limit: Duration, hasAge: Bool) -> Reason {
        let what =
            hasAge
            ? "the newest block, height \(height), is \(words(wait)) old"
            : "no block has come for \(words(wait)), since \(height == 0 ? "genesis" : "the start")"
        return Reason(
            code: .noBlock,
            text: "\(what), and \(words(limit)) are allowed; compare this host's clock, and see the log and /peers"
        )
    }

    /// Whole seconds, as profiles write durations.
    private static func words(_ duration: Duration) -> String {
        DurationText.format(.seconds(max(1, duration.components.seconds)))
    }
}

extension WallTime {
    /// How long ago `earlier` was; zero where it lies ahead.
    func since(_ earlier: WallTime) -> Duration {
        let (difference, overflow) = milliseconds.subtractingReportingOverflow(earlier.milliseconds)
        return .milliseconds(overflow ? 0 : min(max(0, difference), 1_000_000_000_000))
    }
}

import Kernel
import Wire

/// What running nodes measured, in one form whether it comes from their statuses or from traces.
///
/// Times are milliseconds since 1970 by one clock: that of whoever looked, or for traces the nodes' own. Hosts are
/// numbers, places in `hosts`.
public struct Measurements: Sendable {
    /// Name of the network.
    public package(set) var network: String
    package var slotInterval: Duration?
    package var minimumMasternodes: Int
    /// In the order of their addresses.
    package var hosts: [Host] = []
    /// First and last look.
    package var span: ClosedRange<Int64> = 0...0
    /// How many looks there were, and how many got no answer.
    package var looks: [Look] = []
    package var lives: [Life] = []
    package var ups: [Up] = []
    package var ends: [End] = []
    package var paths: [PathLook] = []
    package var stalls: [Stall] = []
    package var clocks: [ClockLook] = []
    /// What whoever reads the result should know, in whole sentences.
    package var remarks: [String] = []

    package init(network: String, slotInterval: Duration?, minimumMasternodes: Int) {
        self.network = network
        self.slotInterval = slotInterval
        self.minimumMasternodes = minimumMasternodes
    }

    /// A masternode.
    package struct Host: Sendable, Hashable {
        package var identity: Identity
        package var name: String
        package var endpoint: Endpoint
    }

    /// A node was asked.
    package struct Look: Sendable, Hashable {
        package var host: Int
        package var at: Int64
        package var isAnswered: Bool
    }

    /// A process of a host, as it was seen once.
    package struct Life: Sendable, Hashable {
        package var host: Int
        /// Nil where nobody named it.
        package var incarnation: String?
        /// When it began, or by when it had.
        package var start: Int64
        /// When it was seen.
        package var seen: Int64
        /// It spoke for itself, so that `start` is exact.
        package var isOwn: Bool
    }

    /// A link came up, as one end saw it.
    package struct Up: Sendable, Hashable {
        package var observer: Int
        package var peer: Int
        /// Generation of the link, of that observer's process.
        package var link: UInt64
        package var at: Int64
        /// The peer's process.
        package var incarnation: String?
    }

    /// A link, or an attempt at one, came to its end, as one end saw it.
    package struct End: Sendable, Hashable {
        package var observer: Int
        package var peer: Int
        package var link: UInt64
        package var at: Int64
        package var kind: PeerOutcome.Kind
        package var reason: Reason
        package var ender: LinkEnder?
    }

    /// What was known of the way between two hosts at a moment.
    package struct PathLook: Sendable, Hashable {
        package var observer: Int
        package var peer: Int
        /// Which of the observer's processes looked.
        package var life: String
        /// Generation of the link, of that process.
        package var link: UInt64
        package var at: Int64
        /// Microseconds.
        package var roundTrip: Int64
        /// TCP's own figures of the link; nil where only single round trips were seen.
        package var counters: Counters?

        package struct Counters: Sendable, Hashable {
            /// Mean deviation, in microseconds.
            package var variation: Int64
            /// Microseconds.
            package var leastRoundTrip: Int64
            /// The least smoothed round trip of the link, and its mean deviation then, in microseconds.
            package var calmRoundTrip: Int64
            package var calmVariation: Int64
            package var segmentsSent: Int64
            package var retransmitted: Int64
            /// When the peer's host was last heard.
            package var heardAt: Int64
        }
    }

    /// A process did not run.
    package struct Stall: Sendable, Hashable {
        package var host: Int
        package var began: Int64
        /// Milliseconds.
        package var lasted: Int64
    }

    /// A host's clocks at a moment.
    package struct ClockLook: Sendable, Hashable {
        package var host: Int
        package var at: Int64
        /// By how much its wall clock is ahead of ours, in milliseconds.
        package var ahead: Int64
        /// When its process started by its own count of the time since, on our clock.
        package var start: Int64
    }

    package func number(of identity: Identity) -> Int? { hosts.firstIndex { $0.identity == identity } }
}

import Kernel
import Profile

/// A scenario as it was learnt from measurements: what a file says, and why.
public struct LearntScenario: Sendable, Hashable {
    /// What a network did wrong, once.
    package struct Fault: Sendable, Hashable {
        /// From the start of the run.
        package var at: Duration
        package var kind: Kind
        /// Where it comes from, in whole sentences.
        package var comment: String

        package enum Kind: Sendable, Hashable {
            case kill(Int, down: Duration)
            case powerLoss(Int, for: Duration?)
            case stall(Int, for: Duration)
            case suspend(Int, for: Duration)
            case drop(Int, Int, for: Duration?)
            case reset(Int, Int)
            case clock(Int, by: Duration, for: Duration?)
        }
    }

    /// A masternode.
    package struct Host: Sendable, Hashable {
        package var name: String
        package var address: String
        package var startAt: Duration?
        package var comment: String?
    }

    /// The way between two hosts, one-way and the same both ways.
    package struct Path: Sendable, Hashable {
        package var first: Int
        package var second: Int
        package var latency: Duration
        package var jitter: Duration
        /// Nil where no segment was counted.
        package var lossPerMillion: Int?
        package var comment: String
    }

    package var summary: String
    package var duration: Duration
    package var slotInterval: Duration?
    package var minimumMasternodes: Int
    package var clockOffset: Duration
    package var hosts: [Host]
    package var paths: [Path]
    /// In the order of their moments.
    package var faults: [Fault]
    /// What stands above everything: where it comes from, and what is missing.
    package var remarks: [String]
    /// Ends of links that no fault explains: what policies did, which the compared profile does by itself.
    package var churn: [String]

    /// What is in it, on a line.
    public var inWords: String {
        let pairs = hosts.count * (hosts.count - 1) / 2
        return "\(hosts.count) hosts, \(paths.count) of \(pairs) ways between them measured, "
            + "\(faults.count == 1 ? "1 fault" : "\(faults.count) faults"), run of \(DurationText.format(duration))"
    }

    /// What whoever reads the file should know, a line each; the first two lines of every file are not among it.
    public var remarksInWords: String { remarks.dropFirst(2).map { "note: \($0)\n" }.joined() }
}

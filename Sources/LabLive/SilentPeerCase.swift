import Kernel
import Lab
import Profile
import Wire

/// Two linked nodes, one of which falls silent at a known moment: how long until the other's link ends? The same
/// value is run on the real kernel (``SilentPeerExperiment``) and in the simulator (``SilentPeerSimulation``).
package struct SilentPeerCase: Sendable {
    /// When the silence begins. Both drivers read it off the surviving node's own events.
    package enum Moment: Sendable, Hashable {
        /// So long after the link was up at both ends: nothing is unacknowledged.
        case afterLinkUp(Duration)
        /// So long after a request of the survivor was answered: its next request is one interval later, less this.
        case afterAnswer(Duration)
    }

    /// A name for tables.
    package var name: String
    /// Path of the profile that both nodes have.
    package var profile: String
    /// `--set` of each; both drivers apply them.
    package var overrides: [String]
    /// `net.ipv4.tcp_retries2` of both hosts.
    package var retries: Int
    package var moment: Moment
    /// A link that stands longer than this counts as never ended.
    package var limit: Duration

    package init(
        name: String, profile: String, overrides: [String] = [], retries: Int = 15, moment: Moment, limit: Duration
    ) {
        self.name = name
        self.profile = profile
        self.overrides = overrides
        self.retries = retries
        self.moment = moment
        self.limit = limit
    }

    /// The declared traffic of a profile as overrides.
    package static func traffic(request: String, reply: String, interval: Duration) -> [String] {
        [
            "modules.workload.use=[traffic]",
            "modules.workload.traffic={request: \(request), reply: \(reply), "
                + "interval: \(DurationText.format(interval))}",
        ]
    }

    /// No block is due while a case runs, so that nothing but the declared traffic is on the link.
    static let slotInterval: Duration = .seconds(86_400)
    /// How long the moment may take to come: nodes link at once, and traffic begins within two intervals.
    static let preparation: Duration = .seconds(60)

    /// The case with the moment at which the silence really began, for a comparison at exactly that moment.
    package func at(_ moment: Moment) -> SilentPeerCase {
        var copy = self
        copy.moment = moment
        return copy
    }

    /// How a link ended, or that it did not.
    package struct Outcome: Sendable, Hashable {
        /// From the beginning of the silence; nil where the link still stood at the limit.
        package var seconds: Double?
        /// The survivor's reason.
        package var reason: Reason?

        package init(seconds: Double?, reason: Reason?) {
            self.seconds = seconds
            self.reason = reason
        }
    }
}

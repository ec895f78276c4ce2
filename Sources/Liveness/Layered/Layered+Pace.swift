import Collections
import Kernel
import Wire

// Something on the way to a peer ends idle connections: a translator or a firewall forgets them without a word, a proxy
// closes them. Links then die and come back for ever. No message says so, but the pattern does: the links of one peer end
// again and again after about the same quiet time, and the peer is there again at once. Then probes or echoes to this peer
// go out sooner, by halves, down to `adapt_down_to`.

extension Layered {
    /// How a link ended that had been quiet.
    enum QuietEnd: String, Codable, Sendable {
        /// Nothing came any more: a translator or a firewall forgot the connection.
        case silent
        /// The connection was closed without a word: a proxy or a load balancer ends what carries no messages.
        case closed
    }

    /// What is known of the path to one peer.
    struct Pace: Codable, Sendable {
        /// Silence before the first keepalive probe, where it is shorter than the profile's.
        var probeAfter: Duration?
        /// Silence before an echo, where it is shorter than the profile's.
        var echoAfter: Duration?
        /// How the peer's last link ended, where it ended quietly.
        var last: Ending?
        /// How many links in a row have ended alike.
        var repeats = 0
    }

    struct Ending: Codable, Sendable {
        var kind: QuietEnd
        /// How long no message had come.
        var quiet: Duration
        var at: Instant
        /// The peer had a link again soon: it was well, and so was the way to it.
        var hasReturned = false
    }

    /// Paths of more peers are not remembered.
    private static let mostPaces = 1024
    /// A peer that was well all the time has a link again within this.
    private static let returnWindow = Duration.seconds(60)
    /// Ends that lie further apart are no pattern.
    private static let patternWindow = Duration.seconds(3600)
    /// What ends sooner was not idle.
    private static let leastQuiet = Duration.seconds(3)
    /// So many ends alike are a pattern.
    private static let enough = 2

    /// What a link with this peer is asked for.
    func sockets(for peer: Identity?, isPatient: Bool = false) -> SocketOptions {
        var sockets = isPatient ? options.patientSockets : options.sockets
        if let probeAfter = peer.flatMap({ state.paces[$0]?.probeAfter }) { sockets.keepalive?.idle = probeAfter }
        return sockets
    }

    /// A link has ended.
    mutating func noteEnd(of peer: Identity, _ watched: Watched, _ reason: Reason, _ context: inout Context) {
        guard options.adaptDownTo != nil else { return }
        let quiet = context.now - watched.heardAt
        guard let kind = quietEnd(reason), quiet >= Self.leastQuiet else {
            state.paces[peer]?.last = nil
            state.paces[peer]?.repeats = 0
            return
        }
        if state.paces[peer] == nil, state.paces.count >= Self.mostPaces { state.paces.removeFirst() }
        var pace = state.paces[peer] ?? Pace()
        let isAlike =
            pace.last.map { last in
                last.hasReturned && last.kind == kind && Self.isAlike(last.quiet, quiet)
                    && context.now - last.at <= Self.patternWindow
            } ?? false
        pace.repeats = isAlike ? pace.repeats + 1 : 1
        pace.last = Ending(kind: kind, quiet: quiet, at: context.now)
        state.paces[peer] = pace
    }

    /// A link with a peer is up: if the one before ended quietly, the peer was well.
    mutating func noteReturn(of peer: Identity, _ context: inout Context) {
        guard var pace = state.paces[peer], let last = pace.last, !last.hasReturned,
            context.now - last.at <= Self.returnWindow
        else { return }
        pace.last?.hasReturned = true
        let isPattern = pace.repeats >= Self.enough
        if isPattern { pace.repeats = 1 }
        state.paces[peer] = pace
        if isPattern { quicken(peer, last, &context) }
    }

    private func quietEnd(_ reason: Reason) -> QuietEnd? {
        switch reason {
        case .timedOut: .silent
        // Where the kernel does not ask, the echo finds what was forgotten.
        case .silent where options.sockets.keepalive == nil: .silent
        case .endOfStream, .reset: .closed
        default: nil
        }
    }

    /// Within a fifth, and two seconds for timers that run in steps.
    private static func isAlike(_ first: Duration, _ second: Duration) -> Bool {
        let (low, high) = (min(first, second), max(first, second))
        return high - low <= high / 5 + .seconds(2)
    }

    /// Asks this peer sooner from now on, and says why.
    private mutating func quicken(_ peer: Identity, _ ending: Ending, _ context: inout Context) {
        guard let floor = options.adaptDownTo else { return }
        let seconds = Int64(ending.quiet.seconds.rounded())
        if ending.kind == .silent, let idle = options.sockets.keepalive?.idle {
            let now = state.paces[peer]?.probeAfter ?? idle
            // The kernel takes whole seconds.
            let next = max(floor, .seconds(max(1, now.nanoseconds / 2_000_000_000)))
            let what =
                "links with peer \(peer) fall silent when they are idle, and come back: a translator or a firewall "
            guard next < now else {
                return context.note(
                    .warning,
                    what + "forgets idle connections sooner than the shortest probe period of this node; raise its "
                        + "time limit, or lower 'liveness.layered.adapt_down_to'")
            }
            state.paces[peer]?.probeAfter = next
            context.note(
                .warning,
                what + "on the path forgets idle connections. Keepalive probes to this peer go out after "
                    + "\(next.seconds) s from now on; 'liveness.layered.kernel.idle' sets that for all peers")
        } else {
            let now = state.paces[peer]?.echoAfter ?? options.echoInterval
            let next = max(floor, min(now, ending.quiet) / 2)
            let what = "links with peer \(peer) end after \(seconds) s without a message, and come back: "
            guard next < now else {
                return context.note(
                    .warning,
                    what + "something on the path ends connections that are idle for less than this node may "
                        + "wait; raise its time limit, or lower 'liveness.layered.adapt_down_to'")
            }
            state.paces[peer]?.echoAfter = next
            context.note(
                .warning,
                what + "a proxy or a load balancer on the path ends idle connections. This peer is asked for an "
                    + "echo after \(next.seconds) s from now on; 'liveness.layered.echo_interval' sets that for all peers"
            )
        }
    }
}

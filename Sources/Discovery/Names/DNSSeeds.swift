import Collections
import Kernel
import Wire

/// discovery `dns-seeds`: makes addresses of host names: those that the network file has in place of addresses, and seeds
/// that the profile lists.
///
/// What a masternode's name comes to is offered to the modules that want masternodes. What a bootstrap name or a seed
/// comes to is wanted here, as addresses of nobody in particular; seeds only while fewer peers than `enough` are linked,
/// so that a network which knows itself does not lean on whoever runs them.
///
/// Nothing that a resolver says is believed further than that somebody may be dialled there: who it is, the handshake
/// proves.
public struct DNSSeeds: DiscoveryPolicy {
    /// What the profile says.
    public let options: DNSSeedsOptions
    public var state = State()

    /// Names that are asked for at a time.
    static let mostUnderWay = 4

    /// Bounded by the names of the network file and of the profile, and by the addresses that are kept of each.
    public struct State: Codable, Sendable {
        /// What is known of each name.
        var names: OrderedDictionary<String, Name> = [:]
        /// Questions under way.
        var asked: OrderedDictionary<Token, String> = [:]
        /// The addresses that were wanted last.
        var wanted: [Endpoint]?
    }

    /// What one name has come to.
    struct Name: Codable, Sendable {
        /// From the last answer that had any.
        var addresses: [IPAddress] = []
        /// When it is asked for again; nil while it is.
        var dueAt: Instant?
        /// Questions in vain since the last answer.
        var failures = 0
        /// Only a seed: it is asked for where peers are few.
        var isSeed: Bool
        /// It was due and there were peers enough.
        var isPutOff = false
    }

    /// The next name, or the next pass.
    public enum Timer: PolicyTimer {
        case ask

        public var code: TimerCode { TimerCode(kind: 0) }

        public init?(code: TimerCode) {
            guard code == TimerCode(kind: 0) else { return nil }
            self = .ask
        }
    }

    /// A module that has not started.
    public init(options: DNSSeedsOptions) {
        self.options = options
    }

    public mutating func start(_ context: inout Context) {
        state = State()
        list(context)
        ask(&context)
    }

    /// Names that are new are asked for at once, and nobody is wanted for those that are gone.
    public mutating func reconfigured(_ context: inout Context) {
        list(context)
        tell(&context)
        ask(&context)
    }

    /// Goes over to the names that the files have now; what is known of those that stay is kept.
    private mutating func list(_ context: borrowing Context) {
        let old = state.names
        state.names = [:]
        for name in context.network.masternodes.compactMap(\.hostName) + context.network.bootstrapNames {
            state.names[name.name] = old[name.name] ?? Name(dueAt: context.now, isSeed: false)
            state.names[name.name]?.isSeed = false
        }
        for seed in options.seeds where state.names[seed.name] == nil {
            state.names[seed.name] = old[seed.name] ?? Name(dueAt: context.now, isSeed: true)
            state.names[seed.name]?.isSeed = true
        }
    }

    public mutating func fired(_ timer: Timer, _ context: inout Context) {
        wantIfChanged(&context)
        ask(&context)
    }

    public mutating func linkUp(_ link: Link, _ context: inout Context) { wantIfChanged(&context) }

    public mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        wantIfChanged(&context)
        guard context.links.connectedPeerCount < options.enough else { return }
        var isDue = false
        for (name, entry) in state.names where entry.isPutOff {
            state.names[name]?.isPutOff = false
            state.names[name]?.dueAt = context.now
            isDue = true
        }
        if isDue { ask(&context) }
    }

    // MARK: Asking

    /// Asks for what is due, a few at a time.
    private mutating func ask(_ context: inout Context) {
        let now = context.now
        let isEnough = context.links.connectedPeerCount >= options.enough
        for (name, entry) in state.names where state.asked.count < Self.mostUnderWay {
            guard let due = entry.dueAt, due <= now else { continue }
            if entry.isSeed, isEnough {
                // Not now; whether it is needed is looked at again when it would have been old.
                state.names[name]?.dueAt = now + options.interval
                state.names[name]?.isPutOff = true
                continue
            }
            state.names[name]?.dueAt = nil
            state.names[name]?.isPutOff = false
            state.asked[context.resolve(name)] = name
        }
        wait(&context)
    }

    /// Sets the timer for the next name that is due. Answers bring the next question by themselves.
    private func wait(_ context: inout Context) {
        guard state.asked.count < Self.mostUnderWay, let due = state.names.values.compactMap(\.dueAt).min() else {
            return
        }
        context.schedule(Timer.ask, at: max(due, context.now))
    }

    public mutating func resolved(_ resolution: Resolution, _ token: Token, _ context: inout Context) {
        guard let name = state.asked.removeValue(forKey: token) else { return }
        // Of a name that has gone only its turn is left, which is another's now.
        guard var entry = state.names[name] else { return ask(&context) }
        let before = entry.addresses
        switch resolution {
        case .addresses(let addresses):
            entry.addresses = Array(addresses.prefix(options.addresses))
            entry.failures = 0
            entry.dueAt = context.now + options.interval
        case .failed(let failure):
            // Old addresses are better than none: a resolver that is ill must not take peers away.
            if entry.failures == 0 {
                context.note(.warning, "discovery dns-seeds: no address for '\(name)': \(failure.rawValue)")
            }
            entry.failures = min(entry.failures + 1, 20)
            entry.dueAt = context.now + patience(after: entry.failures)
        }
        state.names[name] = entry
        if entry.addresses != before { tell(&context) }
        ask(&context)
    }

    /// Doubles with each failure, up to the interval.
    private func patience(after failures: Int) -> Duration {
        min(options.interval, options.retry * (1 << min(failures - 1, 10)))
    }

    // MARK: Telling

    private mutating func tell(_ context: inout Context) {
        context.offer(candidates(context))
        want(&context)
    }

    private mutating func want(_ context: inout Context) {
        let endpoints = wantedEndpoints(context)
        state.wanted = endpoints
        context.want(endpoints.map { Wish(identity: nil, endpoint: $0, isMasternode: false) }, .periodic)
    }

    /// Which of the seeds' addresses are wanted changes with every link.
    private mutating func wantIfChanged(_ context: inout Context) {
        guard !options.seeds.isEmpty, wantedEndpoints(context) != state.wanted ?? [] else { return }
        want(&context)
    }

    private func candidates(_ context: borrowing Context) -> [Candidate] {
        let own = context.endpoint
        var candidates: [Candidate] = []
        for member in context.network.masternodes where member.identity != context.identity {
            let endpoints = endpoints(of: member.hostName, besides: own)
            if !endpoints.isEmpty { candidates.append(Candidate(identity: member.identity, endpoints: endpoints)) }
        }
        return candidates
    }

    private func wantedEndpoints(_ context: borrowing Context) -> [Endpoint] {
        let network = context.network
        let own = context.endpoint
        var wanted: OrderedSet<Endpoint> = []
        for name in network.bootstrapNames { wanted.formUnion(endpoints(of: name, besides: own)) }
        let isEnough = context.links.connectedPeerCount >= options.enough
        let linked = context.links.entries.filter { $0.phase == .up && $0.direction == .dialled }.map(\.remote)
        for seed in options.seeds {
            // Left out, an address that we have a link to would count as one whose link is of no use any more.
            wanted.formUnion(endpoints(of: seed, besides: own).filter { !isEnough || linked.contains($0) })
        }
        // Whoever is a masternode by name or address is wanted as one, elsewhere.
        wanted.subtract(candidates(context).flatMap(\.endpoints))
        wanted.subtract(network.masternodes.compactMap(\.endpoint))
        return Array(wanted)
    }

    private func endpoints(of name: HostName?, besides own: Endpoint) -> [Endpoint] {
        guard let name, let entry = state.names[name.name] else { return [] }
        return entry.addresses.map { Endpoint(ip: $0, port: name.port) }.filter { $0 != own }
    }
}

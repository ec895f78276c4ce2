import Collections
import Kernel
import Profile
import Wire

/// How the network of December 2025 kept its links: two sets of addresses, a registry of writers keyed by address,
/// and a task per dial that sleeps and dials again. Kept to replay what happened; every fault in it existed.
///
/// A socket here has two halves that die apart, as they did there: a session reads, the registry holds the writer.
/// A session that ends leaves its writer in the registry, so no end of stream goes out until another writer takes
/// the place; a writer that is replaced sends the end of stream on a link that both ends may still be using.
public struct SplitRegistry: LinksPolicy {
    let options: SplitRegistryOptions
    public var state = State()

    init(options: SplitRegistryOptions) {
        self.options = options
    }

    /// What the policy remembers, all of it keyed by bare address as it was.
    public struct State: Codable, Sendable {
        /// Addresses dialled or linked by our dial.
        var outbound: OrderedDictionary<IPAddress, LinkID> = [:]
        /// Addresses that dialled us.
        var inbound: OrderedDictionary<IPAddress, LinkID> = [:]
        /// One writer per address.
        var writers: OrderedDictionary<IPAddress, LinkID> = [:]
        /// One task per dial; a second one for the same address is possible while the first sleeps.
        var tasks: OrderedDictionary<UInt64, DialTask> = [:]
        var nextTask: UInt64 = 1
        /// Failed dials in a row, and until when an address rests; only where the profile has a cooldown.
        var failures: OrderedDictionary<IPAddress, Int> = [:]
        var restUntil: OrderedDictionary<IPAddress, Instant> = [:]
        /// Whom heartbeats of their own connection go to, and those that are under way.
        var beatTargets: OrderedSet<Endpoint> = []
        var beats: OrderedSet<LinkID> = []
        /// Where a named peer was last seen.
        var addresses: OrderedDictionary<Identity, IPAddress> = [:]
    }

    /// The retry wrapper around one address.
    struct DialTask: Codable, Sendable {
        var endpoint: Endpoint
        var identity: Identity?
        var isMasternode: Bool
        var link: LinkID?
        /// The acknowledgement came, or was waited for in vain.
        var isLinked = false
        var errors = 0
        /// The first try is over; only later ones look whether the peer has dialled us meanwhile.
        var hasDialled = false
        /// The direction says that the peer dials; this task was made all the same and finds out each time it wakes.
        var isRefused = false
    }

    /// A dial's next try, its first try behind the others of a pass, the wait for an acknowledgement, and heartbeats.
    public enum Timer: PolicyTimer {
        case dial(task: UInt64)
        case acknowledgement(task: UInt64)
        case beat

        public var code: TimerCode {
            switch self {
            case .dial(let task): TimerCode(kind: 1, subject: task)
            case .acknowledgement(let task): TimerCode(kind: 2, subject: task)
            case .beat: TimerCode(kind: 3)
            }
        }

        public init?(code: TimerCode) {
            switch code.kind {
            case 1: self = .dial(task: code.subject)
            case 2: self = .acknowledgement(task: code.subject)
            case 3: self = .beat
            default: return nil
            }
        }
    }

    public mutating func fired(_ timer: Timer, _ context: inout Context) {
        switch timer {
        case .dial(let task): tryDial(task, &context)
        case .acknowledgement(let task): linked(task, &context)
        case .beat: beat(&context)
        }
    }

    public func route(to peer: Identity) -> LinkID? {
        state.addresses[peer].flatMap { state.writers[$0] }
    }

    public func replyRoute(for link: LinkID) -> LinkID? {
        guard let (address, isInbound) = session(of: link) else { return nil }
        // An accepted link's answers are looked up under address and source port; writers are kept under addresses.
        if isInbound, options.replyKey == .addressAndPort { return nil }
        return isInbound ? state.writers[address] : link
    }

    private func session(of link: LinkID) -> (IPAddress, isInbound: Bool)? {
        if let address = state.inbound.elements.first(where: { $0.value == link })?.key { return (address, true) }
        if let task = state.tasks.values.first(where: { $0.link == link }) { return (task.endpoint.ip, false) }
        return nil
    }
}

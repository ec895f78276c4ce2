import Collections
import Kernel
import Wire

/// SWIM (Das, Gupta and Motivala, DSN 2002) with the Lifeguard extensions (Dadgar, Phillips and Currey, DSN-W 2018),
/// over the links that are up.
///
/// Every `interval` one peer is probed, all in turn and in a drawn order. Where no answer comes within `timeout`, some
/// others are asked to probe it too. Where none comes at all it is suspected, everybody is told on the back of other
/// messages, and it has some time to speak up. Two things differ from the papers, because a link is judged here and
/// not a member: what others call dead is only suspected, and a link over which no answer comes while others get one
/// is dead after `link_misses` probes.
///
/// Members are whom the network file names and whom we have dialled. Anybody else that has a link with us is a guest
/// (``Swim/Guest``): it is probed, and has no part in the rest, so that strangers neither thin the probes of members out
/// nor stretch the waits that grow with the group.
///
/// Both ends of a link have to run it.
public struct Swim: LivenessPolicy {
    public typealias Messages = SwimMessage

    let options: SwimOptions
    public var state = State()

    init(options: SwimOptions) {
        self.options = options
    }

    /// What is known of the peers, and what is under way.
    public struct State: Codable, Sendable {
        /// Members with a link up, in the order in which they came.
        var members: OrderedDictionary<Identity, Member> = [:]
        /// Everybody else with a link up, the next to be probed first.
        var guests: OrderedDictionary<Identity, Guest> = [:]
        /// Who is still to be probed in this round, the next one last.
        var round: [Identity] = []
        /// The number of the newest probe.
        var sequence: UInt64 = 0
        var probe: Probe?
        /// Probes made for others.
        var relays: [Relay] = []
        var rumours: [Rumour] = []
        /// How often we have spoken up for ourselves.
        var incarnation: UInt64 = 0
        /// Lifeguard's local health: 0 is best.
        var failures = 0
        /// Somebody suspected us in this period, and our health has paid for it.
        var hasDoubtedItself = false
    }

    struct Member: Codable, Sendable {
        var link: LinkID
        /// The highest that was heard of.
        var incarnation: UInt64 = 0
        /// What it last said of itself.
        var ownWord: UInt64 = 0
        var suspicion: Suspicion?
        /// Probes in a row that had no answer over the link, whatever others say.
        var misses = 0
        /// The number of the newest probe that it answered over the link.
        var answered: UInt64 = 0
        /// How often others' word has ended a suspicion since it was last heard over the link.
        var vouches: Int?
    }

    struct Probe: Codable, Sendable {
        var target: Identity
        var sequence: UInt64
        var isAnswered = false
        /// Those who were asked to probe, and have said nothing yet.
        var silentHelpers: [Identity] = []
        var helpers: [Identity] = []
    }

    /// The next probe; the moment to ask others; the moment to tell an asker that there is no answer; the end of a
    /// suspicion.
    public enum Timer: PolicyTimer {
        case period
        case askOthers
        case noAnswer(sequence: UInt64)
        case suspicion(LinkID)

        public var code: TimerCode {
            switch self {
            case .period: TimerCode(kind: 1, subject: 0)
            case .askOthers: TimerCode(kind: 2, subject: 0)
            case .noAnswer(let sequence): TimerCode(kind: 3, subject: sequence)
            case .suspicion(let link): TimerCode(kind: 4, subject: link.number)
            }
        }

        public init?(code: TimerCode) {
            switch code.kind {
            case 1 where code.subject == 0: self = .period
            case 2 where code.subject == 0: self = .askOthers
            case 3: self = .noAnswer(sequence: code.subject)
            case 4: self = .suspicion(LinkID(number: code.subject))
            default: return nil
            }
        }
    }

    // MARK: Links

    /// Links of an earlier process are gone. How often it spoke up for itself others may remember, and would take a lower
    /// number for old news.
    public mutating func start(_ context: inout Context) {
        let (sequence, incarnation) = (state.sequence, state.incarnation)
        state = State()
        state.sequence = sequence
        state.incarnation = incarnation
    }

    public mutating func linkUp(_ link: Link, _ context: inout Context) {
        guard let peer = link.peer else { return }
        let isFirst = state.members.isEmpty && state.guests.isEmpty
        if isMember(peer, link, context) {
            if let old = state.members[peer] { context.cancel(Timer.suspicion(old.link)) }
            state.guests[peer] = nil
            // Whatever was said of it before, here it is.
            let (incarnation, ownWord) = state.members[peer].map { ($0.incarnation, $0.ownWord) } ?? (0, 0)
            state.members[peer] = Member(link: link.id, incarnation: incarnation, ownWord: ownWord)
            forgetSuspicions(of: peer)
        } else {
            state.guests[peer] = Guest(link: link.id)
        }
        if isFirst { context.schedule(Timer.period, after: context.random(below: options.interval)) }
    }

    /// Whom the network file names, or we have dialled. Who has once been dialled stays so while it has a link.
    private func isMember(_ peer: Identity, _ link: Link, _ context: borrowing Context) -> Bool {
        link.direction == .dialled || context.network.masternode(peer) != nil || state.members[peer] != nil
    }

    /// Whom the network file names may have changed. Who is a member for a dial of ours stays one while that link is up.
    public mutating func reconfigured(_ context: inout Context) {
        for (peer, guest) in state.guests where isNamedOrDialled(peer, context) {
            state.guests[peer] = nil
            state.members[peer] = Member(link: guest.link)
            forgetSuspicions(of: peer)
        }
        for (peer, member) in state.members where !isNamedOrDialled(peer, context) {
            left(peer, member, nil, &context)
            state.guests[peer] = Guest(link: member.link)
        }
    }

    private func isNamedOrDialled(_ peer: Identity, _ context: borrowing Context) -> Bool {
        context.network.masternode(peer) != nil
            || context.links.entries.contains { $0.phase == .up && $0.direction == .dialled && $0.peer == peer }
    }

    public mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        guard let peer = link.peer else { return }
        let other = context.links.newestUp(with: peer)
        if state.guests[peer]?.link == link.id { state.guests[peer] = other.map { Guest(link: $0.id) } }
        if let member = state.members[peer], member.link == link.id { left(peer, member, other, &context) }
        if state.members.isEmpty, state.guests.isEmpty { context.cancel(Timer.period) }
    }

    private mutating func left(_ peer: Identity, _ member: Member, _ other: Link?, _ context: inout Context) {
        context.cancel(Timer.suspicion(member.link))
        if let other {
            state.members[peer] = Member(link: other.id, incarnation: member.incarnation, ownWord: member.ownWord)
            return
        }
        state.members.removeValue(forKey: peer)
        state.round.removeAll { $0 == peer }
        if state.probe?.target == peer { state.probe = nil }
        for relay in state.relays where relay.asker == peer || relay.target == peer {
            context.cancel(Timer.noAnswer(sequence: relay.sequence))
        }
        state.relays.removeAll { $0.asker == peer || $0.target == peer }
        guard state.members.isEmpty else { return }
        state.rumours = []
        state.probe = nil
        state.failures = 0
        context.cancel(Timer.askOthers)
    }

    // MARK: Inputs

    public mutating func fired(_ timer: Timer, _ context: inout Context) {
        switch timer {
        case .period: period(&context)
        case .askOthers: askOthers(&context)
        case .noAnswer(let sequence): relayIsSilent(sequence, &context)
        case .suspicion(let link): suspicionEnds(link, &context)
        }
    }

    public mutating func received(_ swim: SwimMessage, from link: LinkID, _ context: inout Context) {
        guard let peer = context.link(link)?.peer else { return }
        if state.guests[peer] != nil { return receivedFromGuest(swim, peer, &context) }
        guard state.members[peer] != nil else { return }
        for claim in swim.claims { hear(claim, from: peer, &context) }
        received(swim, from: peer, &context)
    }

    private mutating func received(_ swim: SwimMessage, from peer: Identity, _ context: inout Context) {
        switch swim.kind {
        case .probe: say(.answer, swim.sequence, to: peer, &context)
        case .answer: answered(swim.sequence, by: peer, &context)
        case .request:
            if let subject = swim.subject { relay(swim.sequence, for: peer, to: subject, &context) }
        case .noAnswer: state.probe?.hearNoAnswer(swim.sequence, from: peer)
        }
    }

    /// Sends a message with what there is to pass on.
    mutating func say(
        _ kind: SwimMessage.Kind, _ sequence: UInt64, about subject: Identity? = nil, to peer: Identity,
        _ context: inout Context
    ) {
        guard let link = state.members[peer]?.link ?? state.guests[peer]?.link else { return }
        let claims = claims(for: peer, from: context.identity)
        context.send(SwimMessage(kind: kind, sequence: sequence, subject: subject, claims: claims), over: link)
    }
}

import Collections
import Kernel
import Profile
import Wire

/// At most one link up per identity, whatever both ends do.
///
/// Every dial goes through one path (`plan`), every incoming handshake through one judgement (`Verdict`), and both
/// are told apart from what the other end says: its incarnation, how often it dialled, and which of our links it has
/// seen end. So a crossed dial is settled by a tie-break that both ends compute alike, while a peer that lost our
/// link and comes back takes over at once, without waiting for a detector.
public struct SingleLink: LinksPolicy {
    let options: SingleLinkOptions
    public var state = State()

    init(options: SingleLinkOptions) {
        self.options = options
    }

    /// A peer's next dial, the first word over an open dial, the deadline of a handshake, the next probe of a peer that
    /// dialled us, the moment from which another process with our key counts as gone, and the end of a link that nobody
    /// wants any more.
    public enum Timer: PolicyTimer {
        case dial(peer: Int)
        case handshake(LinkID)
        case greeting(LinkID)
        case probe(over: LinkID)
        case conflict
        case unwanted(peer: Int)

        public var code: TimerCode {
            switch self {
            case .dial(let peer): TimerCode(kind: 1, subject: UInt64(peer))
            case .handshake(let link): TimerCode(kind: 2, subject: link.number)
            case .greeting(let link): TimerCode(kind: 3, subject: link.number)
            case .probe(let link): TimerCode(kind: 4, subject: link.number)
            case .conflict: TimerCode(kind: 5)
            case .unwanted(let peer): TimerCode(kind: 6, subject: UInt64(peer))
            }
        }

        public init?(code: TimerCode) {
            switch code.kind {
            case 1: self = .dial(peer: Int(code.subject))
            case 2: self = .handshake(LinkID(number: code.subject))
            case 3: self = .greeting(LinkID(number: code.subject))
            case 4: self = .probe(over: LinkID(number: code.subject))
            case 5: self = .conflict
            case 6: self = .unwanted(peer: Int(code.subject))
            default: return nil
            }
        }
    }

    /// A state that was taken over knows links, answers and moments of an earlier process. What this node does not have of
    /// them is gone; whom the peers are, and which of their processes came before, stays known.
    public mutating func start(_ context: inout Context) {
        state.processChecks = [:]
        let table = context.links
        state.handshakes.keep { table[$0] != nil }
        state.probes.keep { table[$0] != nil }
        let isNewProcess = context.links.entries.isEmpty
        if isNewProcess {
            state.wishes = [:]
            state.probes.forgetLast()
            state.dialability = nil
            state.ownStatement = nil
            state.conflict = nil
            state.lastClockOffset = nil
        }
        for index in state.peers.indices {
            if let up = state.peers[index].up, context.link(up.link) == nil { state.peers[index].up = nil }
            if let dial = state.peers[index].dialling, context.link(dial.link) == nil {
                state.peers[index].dialling = nil
            }
            guard isNewProcess else { continue }
            state.peers[index].isWanted = false
            state.peers[index].unwantedSince = nil
            state.peers[index].failures = 0
            state.peers[index].refusals = 0
            state.peers[index].notBefore = .zero
            state.peers[index].waitingSince = nil
        }
    }

    /// Who is a masternode or trusted may have changed, and how many strangers may be dialled.
    public mutating func reconfigured(_ context: inout Context) {
        for (place, link) in state.meters.links.enumerated() {
            guard let peer = context.link(link)?.peer else { continue }
            state.meters.values[place].isPrivileged = standing(of: peer, context).isPrivileged
        }
        planWaiting(&context)
    }

    public mutating func fired(_ timer: Timer, _ context: inout Context) {
        switch timer {
        case .dial(let peer): plan(peer, &context)
        case .handshake(let link): end(link, .handshakeTimeout, by: .us, &context)
        case .greeting(let link):
            if let peer = diallingPeer(link, context) { greet(link, peer, &context) }
        case .probe(let link): probe(over: link, &context)
        case .conflict: conflictIsOver(&context)
        case .unwanted(let peer): unwantedLongEnough(peer, &context)
        }
    }

    public func route(to peer: Identity) -> LinkID? {
        state.peers.place(of: peer).flatMap { state.peers[$0].up?.link }
    }

    public static var stateVersion: Int { 5 }

    // MARK: What the transport reports

    public mutating func dialled(_ link: Link, _ context: inout Context) {
        if state.probes[link.id] != nil {
            greetProbed(link.id, &context)
            return
        }
        guard let peer = diallingPeer(link.id, context) else {
            context.send(.goodbye(.replaced), over: link.id)
            context.close(link.id, .replaced)
            return
        }
        // Out of turn, an open transport says that the peer lives: it may be dialling us at this very moment.
        if hasTurn(state.peers[peer], context) || options.outOfTurnDelay == .zero {
            greet(link.id, peer, &context)
        } else {
            context.schedule(Timer.greeting(link.id), after: options.outOfTurnDelay)
        }
    }

    public mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {
        if state.probes[link.id] != nil {
            conclude(link.id, reason, by: reason.deciderOfDial == .peer ? .peer : .transport, &context)
            return
        }
        guard let peer = diallingPeer(link.id, context) else { return }
        state.peers[peer].dialling = nil
        retry(peer, after: reason, &context)
        planWaiting(&context)
    }

    public mutating func accepted(_ link: Link, _ context: inout Context) {
        if let reason = objection(toArrival: link, &context) {
            context.observe(.refused(link.id, nil, link.remote, reason))
            context.send(.goodbye(reason), over: link.id)
            context.close(link.id, reason)
            return
        }
        state.handshakes[link.id] = .awaitingHello
        context.schedule(Timer.handshake(link.id), after: options.handshakeTimeout)
    }

    public mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        let ender: LinkEnder = end == .endOfStream ? .peer : .transport
        self.end(link.id, end.reason, by: ender, &context)
    }

    public mutating func dead(_ link: Link, _ reason: Reason, _ context: inout Context) {
        end(link.id, reason, by: .us, &context)
    }

    public mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        switch message {
        case .hello(let hello): receivedHello(hello, link, &context)
        case .helloAck(let ack): receivedAck(ack, link, &context)
        case .proof(let proof): receivedProof(proof, link, &context)
        case .ready: receivedReady(link, &context)
        case .goodbye(let reason): end(link, reason, by: .peer, &context)
        case .dialability(let word): heard(word, from: link, &context)
        case .otherProcess(let other): heard(other, over: link, &context)
        default: end(link, .unexpectedMessage, by: .us, &context)
        }
    }
}

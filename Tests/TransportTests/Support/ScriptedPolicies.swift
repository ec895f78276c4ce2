import Kernel
import Wire

/// What the scripted policies of a node do by themselves.
struct Script: Sendable {
    /// Every link is up as soon as its transport is open.
    var marksUp = true
    /// Every message goes back over the link it came by.
    var echoes = false
    /// A link is closed when the other end sends no more.
    var closesAtEnd = true
    /// A timer is set at the start.
    var timer: Duration?
}

/// Writes everything into a journal, and follows the script.
struct ScriptedLinks: LinksPolicy {
    struct Tick: PolicyTimer {
        var code: TimerCode { TimerCode(kind: 0) }
        init() {}
        init?(code: TimerCode) {}
    }

    let journal: Journal
    let script: Script
    var state = NoState()

    init(journal: Journal, script: Script) {
        self.journal = journal
        self.script = script
    }

    mutating func start(_ context: inout Context) {
        if let timer = script.timer { context.schedule(Tick(), after: timer) }
    }

    mutating func fired(_ timer: Tick, _ context: inout Context) { journal.add(.fired) }

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {}

    mutating func dialled(_ link: Link, _ context: inout Context) {
        journal.add(.dialled(link))
        markUp(link, &context)
    }

    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {
        journal.add(.dialFailed(link, reason))
    }

    mutating func accepted(_ link: Link, _ context: inout Context) {
        journal.add(.accepted(link))
        markUp(link, &context)
    }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        journal.add(.ended(link.id, end))
        if script.closesAtEnd { context.close(link.id, end.reason, by: .peer) }
    }

    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        journal.add(.received(link, message))
        if script.echoes { context.send(message, over: link) }
    }

    func route(to peer: Identity) -> LinkID? { nil }

    private func markUp(_ link: Link, _ context: inout Context) {
        guard script.marksUp else { return }
        context.markUp(link.id, peer: link.transportIdentity ?? link.expected ?? Identity(key: .zero))
    }
}

/// Plays every other role: writes what arrives into a journal, and follows the script.
struct ScriptedRole: LivenessPolicy, ConsensusPolicy, DiscoveryPolicy, WorkloadPolicy {
    let journal: Journal
    let script: Script
    var state = NoState()
    var status: ChainStatus { ChainStatus(height: 7, hash: .genesis, activeMasternodes: 1) }

    init(journal: Journal, script: Script) {
        self.journal = journal
        self.script = script
    }

    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        journal.add(.received(link, message))
        if script.echoes { context.send(message, over: link) }
    }

    mutating func take(_ envelope: ModuleEnvelope, from link: LinkID, _ context: inout Context) -> Reception {
        received(.module(envelope), from: link, &context)
        return .taken(unknownFields: 0)
    }

    mutating func workAhead(upTo limit: Duration, _ context: inout Context) { journal.add(.workAhead(limit)) }

    mutating func stored(_ reply: StoreReply, _ context: inout Context) { journal.add(.stored(reply)) }

    mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {
        journal.add(.verified(verification))
    }

    mutating func resolved(_ resolution: Resolution, _ token: Token, _ context: inout Context) {
        journal.add(.resolved(token, resolution))
    }
}

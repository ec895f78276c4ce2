import Kernel
import Wire

// Two processes with one key: a machine was copied, or a standby runs beside its original. Peers keep the link of the one
// that started first and tell both; each of the two believes only what the other one has signed itself.

extension SingleLink {
    /// A process of a peer: what tells it from others of the same identity.
    struct PeerProcess: Codable, Sendable, Hashable {
        var incarnation: UInt64
        /// In its own words; nil where the handshake signs nothing.
        var statement: ProcessStatement?

        /// Whether it started before the other one. Without both statements nobody can say, and then the one that was known
        /// first counts as the older one.
        func isOlder(than other: PeerProcess, wasKnownFirst: Bool) -> Bool {
            guard let mine = statement, let theirs = other.statement else { return wasKnownFirst }
            return (mine.started, incarnation) < (theirs.started, other.incarnation)
        }
    }

    /// A process of a peer that another one has replaced.
    struct FormerProcess: Codable, Sendable, Hashable {
        var process: PeerProcess
        /// The highest sequence of its dials whose link this end has seen end.
        var endedSequence: UInt64
    }

    /// What this process has last heard of another one with its key.
    struct KnownConflict: Codable, Sendable {
        var conflict: IdentityConflict
        /// When the other process last said that it runs, by its own clock.
        var said: Int64
    }

    /// The other process of this identity is taken for gone when nothing was heard of it for so long: ten of the waits after
    /// which a process that peers refuse comes back.
    private static let conflictMemory = Duration.seconds(300)
    /// A statement is made anew after this; until then each handshake carries the same one, so that strangers do not have us
    /// sign one for each connection.
    private static let statementLife = Duration.seconds(10)
    /// Peers tell a process of the other one no more often than this.
    private static let tellingPause = Duration.seconds(30)
    /// Statements of the other process that may wait for the verifier.
    private static let mostChecks = 4

    // MARK: What this process says of itself

    /// Nil where the handshake signs nothing.
    mutating func ownStatement(_ context: inout Context) -> ProcessStatement? {
        guard options.handshake == .signed else { return nil }
        if let last = state.ownStatement, context.now - last.at < Self.statementLife { return last.statement }
        let (started, said) = (context.startedAt.milliseconds, context.wall.milliseconds)
        let bytes = ProcessStatement.signedBytes(
            network: context.network.name, identity: context.identity, incarnation: context.incarnation,
            started: started, said: said
        )
        let statement = ProcessStatement(started: started, said: said, signature: context.sign(bytes))
        state.ownStatement = OwnStatement(statement: statement, at: context.now)
        return statement
    }

    /// What somebody has passed on, on its way through the verifier.
    struct ProcessCheck: Codable, Sendable {
        var other: OtherProcess
        /// Who has passed it on.
        var link: LinkID
    }

    struct OwnStatement: Codable, Sendable {
        var statement: ProcessStatement
        var at: Instant
    }

    // MARK: What this process hears of another one with its key

    /// A linked peer says anew that it runs, for us to pass on; or somebody passes on what another process has said with this
    /// node's key.
    mutating func heard(_ other: OtherProcess, over link: LinkID, _ context: inout Context) {
        if let index = linkedPeer(link, context), let known = state.peers[index].process,
            known.incarnation == other.incarnation
        {
            state.peers[index].process?.statement = other.statement
            return
        }
        // Before a link is up nobody counts what it brings, so that it may bring one such message.
        if state.handshakes[link] != nil, !state.handshakes.mayTell(link) {
            return end(link, .unexpectedMessage, by: .us, &context)
        }
        consider(other, toldOver: link, &context)
    }

    /// A statement of another process is believed for its signature alone, and only where it was made after this process
    /// began: a former process of this node has made such, too.
    private mutating func consider(
        _ other: OtherProcess, toldOver link: LinkID, _ context: inout Context
    ) {
        guard options.handshake == .signed, other.incarnation != context.incarnation,
            other.statement.said > began(context), state.processChecks.count < Self.mostChecks
        else { return }
        if let known = state.conflict, known.conflict.incarnation == other.incarnation,
            known.said >= other.statement.said
        {
            return
        }
        let bytes = ProcessStatement.signedBytes(
            network: context.network.name, identity: context.identity, incarnation: other.incarnation,
            started: other.statement.started, said: other.statement.said
        )
        let check = SignatureCheck(bytes: bytes, signature: other.statement.signature, identity: context.identity)
        state.processChecks[context.verify([check])] = ProcessCheck(other: other, link: link)
    }

    /// When this process began by the clocks of others, in milliseconds: its own clock may have been wrong then, and may be
    /// still.
    private func began(_ context: borrowing Context) -> Int64 {
        let (wall, uptime) = (context.wall.milliseconds, context.uptime.nanoseconds / 1_000_000)
        let lead = (context.clockOffset?.offset ?? state.lastClockOffset ?? .zero).nanoseconds / 1_000_000
        let (start, overflow) = wall.subtractingReportingOverflow(uptime)
        let (corrected, isTooFar) = start.subtractingReportingOverflow(max(0, lead))
        return overflow || isTooFar ? context.startedAt.milliseconds : corrected
    }

    /// The verifier answered for a statement.
    mutating func judged(_ check: ProcessCheck, isSigned: Bool, _ context: inout Context) {
        guard isSigned else { return }
        let other = check.other
        let own = (context.startedAt.milliseconds, context.incarnation)
        let conflict = IdentityConflict(
            isYounger: (other.statement.started, other.incarnation) < own, endpoint: other.endpoint,
            incarnation: other.incarnation, startedAt: WallTime(milliseconds: other.statement.started)
        )
        // Of several others the oldest decides.
        let isNews = state.conflict.map { $0.conflict.incarnation != conflict.incarnation } ?? true
        if isNews, let known = state.conflict, known.conflict.isYounger, !conflict.isYounger { return }
        state.conflict = KnownConflict(conflict: conflict, said: other.statement.said)
        context.schedule(Timer.conflict, after: Self.conflictMemory)
        if isNews { context.reportIdentityConflict(conflict) }
        // The younger one has to hear that this one still runs, or it takes the place once it has heard nothing for long.
        if !conflict.isYounger, linkedPeer(check.link, context) != nil { sayThatWeRun(over: check.link, &context) }
    }

    /// Nothing was heard of the other process for long.
    mutating func conflictIsOver(_ context: inout Context) {
        guard state.conflict != nil else { return }
        state.conflict = nil
        context.reportIdentityConflict(nil)
    }

    // MARK: What this node sees of two processes of a peer

    /// A process of a peer comes again that another one had replaced: both run. Both are told, and the outside.
    ///
    /// - Parameters:
    ///   - newcomer: what the process says that comes over `link`.
    ///   - isKept: the newcomer's link is kept, and the one that is up goes for it.
    mutating func tellProcesses(
        of index: Int, _ newcomer: Claim, over link: Link, isKept: Bool, _ context: inout Context
    ) {
        guard let up = state.peers[index].up, let present = context.link(up.link) else { return }
        if let statement = newcomer.statement {
            let other = OtherProcess(
                incarnation: newcomer.incarnation, statement: statement, endpoint: link.remote)
            // A process that is kept out comes again and again: the one that is kept hears of it now and then.
            if isKept || mayTell(index, context) { context.send(.otherProcess(other), over: up.link) }
        }
        if let process = state.peers[index].process, let statement = process.statement {
            let other = OtherProcess(
                incarnation: process.incarnation, statement: statement, endpoint: present.remote)
            context.send(.otherProcess(other), over: link.id)
        }
        guard isKept || mayTell(index, context) else { return }
        state.peers[index].toldAt = context.now
        let (kept, refused) = isKept ? (link.remote, present.remote) : (present.remote, link.remote)
        context.observe(.twoProcesses(newcomer.identity, kept: kept, refused: refused))
    }

    private func mayTell(_ index: Int, _ context: borrowing Context) -> Bool {
        state.peers[index].toldAt.map { context.now - $0 >= Self.tellingPause } ?? true
    }

    /// Somebody calls with this node's own key.
    mutating func heardOwnKey(_ hello: Hello, over link: Link, _ context: inout Context) {
        if let statement = hello.process {
            let other = OtherProcess(
                incarnation: hello.incarnation, statement: statement, endpoint: link.remote)
            consider(other, toldOver: link.id, &context)
        }
        sayThatWeRun(over: link.id, &context)
    }

    private mutating func sayThatWeRun(over link: LinkID, _ context: inout Context) {
        guard let statement = ownStatement(&context) else { return }
        let own = OtherProcess(
            incarnation: context.incarnation, statement: statement, endpoint: context.endpoint)
        context.send(.otherProcess(own), over: link)
    }
}

import Wire

/// All that a node is between two inputs: a node resumed from it goes on as the first one would have.
///
/// What the node was made from is not in it (network, address, key, options), nor what lies outside it: sockets, the
/// store, and the answers that the driver still owes.
package struct NodeCheckpoint: Sendable {
    /// Random number of the process start.
    package var incarnation: UInt64
    /// What the wall clock showed when the process started.
    package var startedAt: WallTime
    /// What the monotonic clock showed then.
    package var startInstant: Instant
    /// This host's wall clock at the monotonic clock's zero, in milliseconds, as it was last looked at.
    package var clockOrigin: Int64?
    /// The clock was told to be wrong.
    package var isClockWrong: Bool
    /// Every link that has not ended, by generation.
    package var links: [Link]
    /// The generation that the next link gets.
    package var nextLink: UInt64
    /// Every timer that is set, in the order of firing.
    package var timers: [Timer]
    /// How many timers were ever set.
    package var timersSet: UInt64
    /// The random streams, in the order links, liveness, consensus, discovery, workloads.
    package var streams: [RandomStream]
    /// Who waits for which answer of the driver, by token.
    package var owners: [Owner]
    /// What became of the writes, and the messages that wait for them.
    package var writes: Writes
    /// The number of the next token.
    package var nextToken: UInt64
    /// What the modules remember, in the order of `Node.snapshots()`.
    package var modules: [ModuleSnapshot]

    /// One timer that is set.
    package struct Timer: Sendable, Hashable {
        /// Place of its module among the node's.
        package var module: UInt8
        package var code: TimerCode
        package var deadline: Instant
        /// Of two with one deadline the one set earlier fires first.
        package var sequence: UInt64

        package init(module: UInt8, code: TimerCode, deadline: Instant, sequence: UInt64) {
            self.module = module
            self.code = code
            self.deadline = deadline
            self.sequence = sequence
        }
    }

    /// The module that an answer is for.
    package struct Owner: Sendable, Hashable {
        package var token: Token
        /// Its place among the node's.
        package var module: UInt8

        package init(token: Token, module: UInt8) {
            self.token = token
            self.module = module
        }
    }

    /// The writes of this process.
    package struct Writes: Sendable, Hashable {
        /// The number of the newest one.
        package var issued: UInt64
        /// Those that the store has not answered for, oldest first.
        package var pending: [PendingWrite]
        /// The numbers of those that failed, in rising order.
        package var failed: [ClosedRange<UInt64>]

        package init(issued: UInt64, pending: [PendingWrite], failed: [ClosedRange<UInt64>]) {
            self.issued = issued
            self.pending = pending
            self.failed = failed
        }
    }

    package init(
        incarnation: UInt64, startedAt: WallTime = WallTime(milliseconds: 0), startInstant: Instant = .zero,
        clockOrigin: Int64? = nil,
        isClockWrong: Bool = false, links: [Link], nextLink: UInt64, timers: [Timer], timersSet: UInt64,
        streams: [RandomStream], owners: [Owner], writes: Writes, nextToken: UInt64, modules: [ModuleSnapshot]
    ) {
        self.incarnation = incarnation
        self.startedAt = startedAt
        self.startInstant = startInstant
        self.clockOrigin = clockOrigin
        self.isClockWrong = isClockWrong
        self.links = links
        self.nextLink = nextLink
        self.timers = timers
        self.timersSet = timersSet
        self.streams = streams
        self.owners = owners
        self.writes = writes
        self.nextToken = nextToken
        self.modules = modules
    }
}

extension Node {
    /// What this node is now; `effects` that nobody has taken yet are not in it.
    ///
    /// - Throws: what the coder of a module's state throws.
    package func checkpoint() throws -> NodeCheckpoint {
        let modules = try snapshots()
        precondition(machine.context.deferred.isEmpty, "a checkpoint lies between two inputs")
        return machine.context.checkpoint(modules)
    }

    /// A node that goes on where another one was.
    ///
    /// - Parameter configuration: as the other node's; its seed counts for nothing.
    /// - Throws: ``SnapshotError`` where the modules are others or cannot read the state.
    package convenience init(
        _ configuration: NodeConfiguration, resuming checkpoint: NodeCheckpoint
    ) throws(SnapshotError) {
        self.init(configuration)
        let count = machine.context.streams.count
        let moduleCount = count + (machine.context.application == nil ? 0 : 1)
        guard checkpoint.streams.count == count, checkpoint.modules.count == moduleCount else {
            throw SnapshotError(
                code: .otherModules,
                description: "the checkpoint has \(checkpoint.modules.count) modules with "
                    + "\(checkpoint.streams.count) random streams, the node has \(moduleCount) with \(count)"
            )
        }
        guard (checkpoint.timers.map(\.module) + checkpoint.owners.map(\.module)).allSatisfy({ $0 < count }) else {
            throw SnapshotError(code: .otherModules, description: "the checkpoint names a module that it does not hold")
        }
        guard checkpoint.timers.allSatisfy({ machine.reads($0.code, of: $0.module) }) else {
            throw SnapshotError(code: .unreadable, description: "the checkpoint has a timer that its module never sets")
        }
        let generations = checkpoint.links.map(\.id.number) + [checkpoint.nextLink]
        guard zip(generations, generations.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw SnapshotError(code: .unreadable, description: "the links of the checkpoint are not in order")
        }
        let recorded = checkpoint.writes
        // A trace holds bytes; what this node sent were values.
        let pending = recorded.pending.map(typed)
        guard pending.allSatisfy({ $0.module.map { $0 < count } ?? true }),
            let writes = WriteLedger(issued: recorded.issued, pending: pending, failed: recorded.failed)
        else {
            throw SnapshotError(code: .unreadable, description: "the writes of the checkpoint contradict each other")
        }
        try restore(checkpoint.modules)
        machine.context.resume(checkpoint, writes)
    }
}

extension Context {
    fileprivate func checkpoint(_ modules: [ModuleSnapshot]) -> NodeCheckpoint {
        NodeCheckpoint(
            incarnation: incarnation, startedAt: startedAt, startInstant: startInstant, clockOrigin: clockWatch.origin,
            isClockWrong: clockWatch.isWrong, links: links.entries, nextLink: links.nextNumber, timers: timers.settings,
            timersSet: timers.sequence, streams: streams,
            // Sorted: the table has no order of its own.
            owners: owners.keys.sorted().map { NodeCheckpoint.Owner(token: $0, module: owners[$0] ?? 0) },
            writes: NodeCheckpoint.Writes(issued: writes.issued, pending: writes.pending, failed: writes.failed),
            nextToken: nextToken, modules: modules
        )
    }

    fileprivate mutating func resume(_ checkpoint: NodeCheckpoint, _ writes: WriteLedger) {
        incarnation = checkpoint.incarnation
        startedAt = checkpoint.startedAt
        startInstant = checkpoint.startInstant
        clockWatch = ClockWatch(origin: checkpoint.clockOrigin, isWrong: checkpoint.isClockWrong)
        links = LinkTable(checkpoint.links, nextNumber: checkpoint.nextLink)
        timers = TimerHeap(checkpoint.timers, sequence: checkpoint.timersSet)
        streams = checkpoint.streams
        for owner in checkpoint.owners { owners[owner.token] = owner.module }
        self.writes = writes
        nextToken = checkpoint.nextToken
    }
}

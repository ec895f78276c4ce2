import Wire

/// Which writes of a node are under way, durable or failed, and what waits for them.
///
/// It knows the fate of every write of this process in bounded room: what is neither under way nor among the failed is
/// durable. Writes that failed one after the other are one range. There are `mostRanges` at most; beyond that the two oldest
/// become one range, and a durable write between them counts as failed from then on. A message is held back rather than
/// sent too early.
struct WriteLedger: Sendable {
    static let mostRanges = 64

    /// What is known of a write.
    enum Fate {
        case pending
        case durable
        /// It failed, or no write has this number.
        case notDurable
    }

    /// The number of the newest write.
    private(set) var issued: UInt64 = 0
    /// Writes under way, oldest first.
    private(set) var pending: [PendingWrite] = []
    /// Numbers of failed writes, in rising order, with gaps between the ranges.
    private(set) var failed: [ClosedRange<UInt64>] = []

    init() {}

    /// - Returns: nil where the parts contradict each other: they come from outside.
    init?(issued: UInt64, pending: [PendingWrite], failed: [ClosedRange<UInt64>]) {
        let numbers = pending.map(\.token.number)
        guard issued < UInt64(Int64.max), zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }),
            numbers.first ?? 1 >= 1, numbers.last ?? 0 <= issued, failed.count <= Self.mostRanges,
            zip(failed, failed.dropFirst()).allSatisfy({ $0.upperBound < $1.lowerBound }),
            failed.last?.upperBound ?? 0 <= issued
        else { return nil }
        self.issued = issued
        self.pending = pending
        self.failed = failed
    }

    mutating func issue(for module: UInt8) -> WriteToken {
        issued += 1
        let token = WriteToken(number: issued)
        pending.append(PendingWrite(token: token, module: module))
        return token
    }

    func fate(of token: WriteToken) -> Fate {
        if place(of: token) != nil { return .pending }
        guard token.number >= 1, token.number <= issued else { return .notDurable }
        return failed.contains { $0.contains(token.number) } ? .notDurable : .durable
    }

    /// Has a message wait for a write that is under way.
    mutating func hold(_ message: WaitingMessage, until token: WriteToken) {
        if let place = place(of: token) { pending[place].messages.append(message) }
    }

    /// The store has answered.
    ///
    /// - Returns: the write with what waits for it; nil where no such write is under way.
    mutating func settle(_ token: WriteToken, isDurable: Bool) -> PendingWrite? {
        guard let place = place(of: token) else { return nil }
        if !isDurable { noteFailure(token.number) }
        return pending.remove(at: place)
    }

    /// The modules have moved to other places; a write of one that is gone goes on without it.
    mutating func moveModules(_ place: (UInt8) -> UInt8?) {
        for index in pending.indices { pending[index].module = pending[index].module.flatMap(place) }
    }

    // MARK: -

    /// Stores answer in order, so that it is the first one nearly always.
    private func place(of token: WriteToken) -> Int? { pending.firstIndex { $0.token == token } }

    private mutating func noteFailure(_ number: UInt64) {
        var place = failed.endIndex
        while place > 0, failed[place - 1].lowerBound > number { place -= 1 }
        failed.insert(number...number, at: place)
        if place + 1 < failed.count, failed[place + 1].lowerBound == number + 1 { join(place) }
        if place > 0, failed[place - 1].upperBound + 1 == number { join(place - 1) }
        if failed.count > Self.mostRanges { join(0) }
    }

    /// Makes one range of the range at `place`, the next one, and all between them.
    private mutating func join(_ place: Int) {
        failed[place] = failed[place].lowerBound...failed[place + 1].upperBound
        failed.remove(at: place + 1)
    }
}

/// A write that the store has not answered for.
package struct PendingWrite: Sendable, Hashable {
    package var token: WriteToken
    /// The place of its module among the node's; nil where a reload has removed the module.
    package var module: UInt8?
    /// What goes out once it is durable, in order.
    package var messages: [WaitingMessage]

    package init(token: WriteToken, module: UInt8?, messages: [WaitingMessage] = []) {
        self.token = token
        self.module = module
        self.messages = messages
    }
}

/// A message that waits for a write.
package struct WaitingMessage: Sendable, Hashable {
    /// Where it goes.
    package enum Destination: Sendable, Hashable {
        case link(LinkID)
        /// Over the link that the links policy routes the peer by when the write is durable.
        case peer(Identity)
    }

    package var destination: Destination
    package var message: Message

    package init(_ message: Message, to destination: Destination) {
        self.message = message
        self.destination = destination
    }
}

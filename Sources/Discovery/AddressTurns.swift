import Collections
import Kernel
import Wire

/// Whose turn it is among the addresses of each peer: one is wanted at a time, and the next after a dial that led nowhere.
///
/// A links policy may dial what is newly wanted at once, so a peer with two addresses that refuse would be dialled as fast
/// as the network carries refusals. Therefore a peer's turn moves no more than once in `pace`; a dial in vain that comes
/// sooner has to wait.
///
/// Bounded by whom its owner asks about; what is no longer of interest the owner forgets.
struct AddressTurns: Codable, Sendable {
    /// Between two turns of one peer.
    static let pace: Duration = .seconds(2)

    private struct Turn: Codable, Sendable {
        var number: Int
        var movedAt: Instant
        /// It will move when `pace` is over, among so many addresses.
        var dueAmong: Int?
    }

    private var turns: OrderedDictionary<Identity, Turn> = [:]

    /// What came of a dial in vain.
    enum Step: Hashable {
        /// It is the next address's turn.
        case moved
        /// It will be, at `nextDue`.
        case waits
    }

    /// The address whose turn it is; nil where there is none.
    func choice(for identity: Identity, among endpoints: [Endpoint]) -> Endpoint? {
        guard !endpoints.isEmpty else { return nil }
        return endpoints[(turns[identity]?.number ?? 0) % endpoints.count]
    }

    /// A dial of `endpoint` led nowhere. Nil where it is not that one's turn, or there is no other.
    mutating func missed(
        _ identity: Identity, at endpoint: Endpoint, among endpoints: [Endpoint], now: Instant
    ) -> Step? {
        guard endpoints.count > 1, choice(for: identity, among: endpoints) == endpoint else { return nil }
        let turn = turns[identity]
        if let turn, turn.movedAt + Self.pace > now {
            turns[identity]?.dueAmong = endpoints.count
            return .waits
        }
        turns[identity] = Turn(number: ((turn?.number ?? 0) + 1) % endpoints.count, movedAt: now)
        return .moved
    }

    /// When the next turn moves that had to wait.
    var nextDue: Instant? { turns.values.filter { $0.dueAmong != nil }.map { $0.movedAt + Self.pace }.min() }

    /// Moves the turns that are due.
    ///
    /// - Returns: whether there were any.
    mutating func moveDue(now: Instant) -> Bool {
        var hasMoved = false
        for (identity, turn) in turns {
            guard let count = turn.dueAmong, turn.movedAt + Self.pace <= now else { continue }
            turns[identity] = Turn(number: (turn.number + 1) % count, movedAt: now)
            hasMoved = true
        }
        return hasMoved
    }

    /// Begins anew with a peer whose addresses have changed.
    mutating func begin(anew identity: Identity) {
        guard let turn = turns[identity] else { return }
        // When it last moved is remembered: new addresses are no way round the pace.
        turns[identity] = Turn(number: 0, movedAt: turn.movedAt)
    }

    /// Forgets all but some peers.
    mutating func keep(where isWanted: (Identity) -> Bool) {
        for identity in turns.keys where !isWanted(identity) { turns[identity] = nil }
    }
}

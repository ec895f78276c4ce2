import Wire

/// Every link of a node that has not ended, ordered by generation.
///
/// Generations only grow, so a new link goes to the end of the array and a look-up is a binary search; the order is
/// the same in every process.
public struct LinkTable: Sendable {
    public private(set) var entries: [Link] = []
    /// The generations of `entries`, close together: every message looks its link up.
    private var numbers: [UInt64] = []
    private(set) var nextNumber: UInt64 = 1
    /// Where the link of the message in hand stands: all that follows from a message asks for that one link.
    private var recent = 0

    init() {}

    /// A table of these links, ordered by generation, whose next link gets `nextNumber`.
    init(_ entries: [Link], nextNumber: UInt64) {
        self.entries = entries
        self.numbers = entries.map(\.id.number)
        self.nextNumber = nextNumber
    }

    /// The links that are up, oldest first.
    public var up: some Sequence<Link> { entries.lazy.filter { $0.phase == .up } }

    /// The link of this generation, nil once it has ended.
    public subscript(id: LinkID) -> Link? {
        index(of: id).map { entries[$0] }
    }

    /// How far a link has come, nil once it has ended. Cheaper than asking for the whole link.
    public func phase(of id: LinkID) -> LinkPhase? {
        index(of: id).map { entries[$0].phase }
    }

    /// How far the link has come that a message arrived over; it is at hand for what follows.
    mutating func attend(to id: LinkID) -> LinkPhase? {
        guard let index = index(of: id) else { return nil }
        recent = index
        return entries[index].phase
    }

    /// Who is at the other end of a link. Cheaper than asking for the whole link.
    public func peer(of id: LinkID) -> Identity? {
        index(of: id).flatMap { entries[$0].peer }
    }

    /// Whether the transport of a link takes messages.
    func canSend(over id: LinkID) -> Bool {
        guard let index = index(of: id) else { return false }
        return entries[index].phase != .connecting && !entries[index].isWriteShut
    }

    /// The newest link that is up with `peer`.
    public func newestUp(with peer: Identity) -> Link? {
        entries.last { $0.phase == .up && $0.peer == peer }
    }

    /// How many distinct peers have a link up.
    public var connectedPeerCount: Int {
        var seen: [Identity] = []
        for link in entries where link.phase == .up {
            if let peer = link.peer, !seen.contains(peer) { seen.append(peer) }
        }
        return seen.count
    }

    mutating func insert(
        direction: LinkDirection, remote: Endpoint, expected: Identity?, isProbe: Bool = false, at now: Instant
    ) -> LinkID {
        let id = LinkID(number: nextNumber)
        nextNumber += 1
        numbers.append(id.number)
        entries.append(
            Link(
                id: id, direction: direction, remote: remote, expected: expected, openedAt: now, isProbe: isProbe,
                phase: direction == .dialled ? .connecting : .handshaking
            )
        )
        return id
    }

    mutating func update(_ id: LinkID, _ change: (inout Link) -> Void) {
        guard let index = index(of: id) else { return }
        change(&entries[index])
    }

    mutating func remove(_ id: LinkID) -> Link? {
        guard let index = index(of: id) else { return nil }
        numbers.remove(at: index)
        return entries.remove(at: index)
    }

    @inline(__always) private func index(of id: LinkID) -> Int? {
        if recent < numbers.count, numbers[recent] == id.number { return recent }
        return search(id)
    }

    /// A binary search between the places that a generation can have at all: numbers rise by one or more from place to
    /// place, so where few links have ended in between there is little to search.
    private func search(_ id: LinkID) -> Int? {
        guard let first = numbers.first, let last = numbers.last, first <= id.number, id.number <= last else {
            return nil
        }
        let end = numbers.count - 1
        var low = end - Int(min(UInt64(end), last - id.number))
        var length = Int(min(UInt64(end), id.number - first)) - low + 1
        numbers.withUnsafeBufferPointer { numbers in
            // Without a branch on what is found: no processor could guess it.
            while length > 1 {
                let half = length / 2
                low += numbers[low + half - 1] < id.number ? half : 0
                length -= half
            }
        }
        return numbers[low] == id.number ? low : nil
    }
}

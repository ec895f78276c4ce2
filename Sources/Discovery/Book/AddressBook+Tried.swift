import Wire

// Who was reached, who was not, and who has to make room.
extension AddressBook {
    /// How long a challenger waits for the test of the one whose place it wants, in milliseconds.
    private static var contestMilliseconds: Int64 { 40 * 60_000 }

    /// What was reached within this time is not written down again, in milliseconds.
    private static var freshMilliseconds: Int64 { 10 * 60_000 }
    /// Dials in vain within this long are counted as one.
    private static var outageMilliseconds: Int64 { 10 * 60_000 }

    private func isContested(_ place: Place) -> Bool {
        guard case .tried(let slot) = place else { return false }
        return contests.contains { $0.slot == slot }
    }

    /// Somebody was reached whose place in the tried table is taken.
    struct Contest: Sendable, Codable, Hashable {
        var challenger: Identity
        var endpoint: Endpoint
        /// The place in the tried table.
        var slot: Int
        var since: Int64
    }

    /// A link to `identity`, dialled at `endpoint`, is up.
    mutating func reached(_ identity: Identity, at endpoint: Endpoint, now: Int64) {
        guard let place = place(of: identity), var entry = entry(at: place), entry.record.endpoints.contains(endpoint)
        else { return }
        if entry.proven == endpoint, entry.misses == 0, let last = entry.reachedAt, now >= last,
            now - last < Self.freshMilliseconds, !isContested(place)
        {
            return
        }
        entry.proven = endpoint
        entry.reachedAt = now
        entry.misses = 0
        set(entry, at: place)
        switch place {
        case .member: break
        case .tried(let slot) where slot == triedSlot(of: identity, at: endpoint):
            contests.removeAll { $0.slot == slot }
        case .tried(let slot): resettle(identity, from: slot, now: now)
        case .new: promote(identity, now: now)
        }
    }

    /// Reached at an address that earns another place than it has: it moves there, or waits among the new while the one
    /// that stands there is tested. Otherwise a group of addresses would have more places than its share. Without room
    /// among the new it stays, without anything proven, until somebody earns its place.
    private mutating func resettle(_ identity: Identity, from slot: Int, now: Int64) {
        guard var entry = tried[slot], let endpoint = entry.proven else { return }
        if tried[triedSlot(of: identity, at: endpoint)]?.proven != nil {
            set(nil, at: .tried(slot))
            if put(entry, now: now) == .noRoom {
                entry.proven = nil
                entry.reachedAt = nil
                set(entry, at: .tried(slot))
            }
        }
        promote(identity, now: now)
        settleContests(now: now)
    }

    /// Gives an entry the tried place that it has earned, or has the one that stands there tested first.
    private mutating func promote(_ identity: Identity, now: Int64) {
        guard let place = place(of: identity), let entry = entry(at: place), let endpoint = entry.proven else { return }
        if case .member = place { return }
        let slot = triedSlot(of: identity, at: endpoint)
        guard place != .tried(slot) else { return }
        // Who stands there without having earned it gives way at once.
        guard let occupant = tried[slot], occupant.proven != nil else {
            if let occupant = tried[slot] { demote(occupant, from: slot, now: now) }
            set(nil, at: place)
            set(entry, at: .tried(slot))
            return
        }
        guard contests.count < Self.contestLimit, !contests.contains(where: { $0.slot == slot }) else { return }
        contests.append(Contest(challenger: identity, endpoint: endpoint, slot: slot, since: now))
    }

    /// The place is somebody else's: who stood there is new again, or forgotten where there is no room.
    private mutating func demote(_ occupant: Entry, from slot: Int, now: Int64) {
        var entry = occupant
        entry.proven = nil
        entry.reachedAt = nil
        set(nil, at: .tried(slot))
        _ = put(entry, now: now)
    }

    /// A dial of `endpoint` did not lead to `identity`.
    mutating func missed(_ identity: Identity, at endpoint: Endpoint, now: Int64) {
        guard let place = place(of: identity), var entry = entry(at: place), entry.record.endpoints.contains(endpoint)
        else { return }
        // Dials in quick succession are one outage: a node that restarts is not given up for it.
        if entry.missedAt.map({ now < $0 || now - $0 >= Self.outageMilliseconds }) ?? true {
            entry.missedAt = now
            entry.misses += 1
            set(entry, at: place)
        }
        guard case .tried(let slot) = place, entry.proven == endpoint,
            let contest = contests.first(where: { $0.slot == slot })
        else { return }
        contests.removeAll { $0.slot == slot }
        demote(entry, from: slot, now: now)
        promote(contest.challenger, now: now)
    }

    /// Whom to dial, so that contests are decided; oldest contest first.
    var underTest: [(identity: Identity, endpoint: Endpoint)] {
        contests.compactMap { contest in
            guard let entry = tried[contest.slot], let endpoint = entry.proven else { return nil }
            return (entry.record.identity, endpoint)
        }
    }

    /// Ends contests that are decided otherwise: nobody stands there any more, or the challenger is gone, or the test
    /// never came about. Then the one in place stays.
    mutating func settleContests(now: Int64) {
        for contest in contests {
            guard case .new = place(of: contest.challenger), now - contest.since < Self.contestMilliseconds else {
                contests.removeAll { $0 == contest }
                continue
            }
            guard tried[contest.slot]?.proven == nil else { continue }
            contests.removeAll { $0 == contest }
            promote(contest.challenger, now: now)
        }
    }
}

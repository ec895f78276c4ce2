import Wire

// Whom to dial and whom to tell of, by draws of the caller's.
extension AddressBook {
    /// Strangers worth a dial, in random order, as many tried ones as new ones where there are (a book that an attacker
    /// has filled with new entries is then no worse than half).
    func strangers(_ count: Int, now: Int64, draw: (UInt64) -> UInt64) -> [Entry] {
        choose(count, where: { $0.record.expires > now && $0.isWorthDial(at: now) }, draw: draw)
    }

    private func choose(_ count: Int, where isWanted: (Entry) -> Bool, draw: (UInt64) -> UInt64) -> [Entry] {
        var old = tried.values.filter(isWanted)
        var fresh = new.values.filter(isWanted)
        var chosen: [Entry] = []
        while chosen.count < count, !(old.isEmpty && fresh.isEmpty) {
            let isOld = fresh.isEmpty || (!old.isEmpty && draw(2) == 0)
            chosen.append(isOld ? Self.take(&old, draw) : Self.take(&fresh, draw))
        }
        return chosen
    }

    /// Records for a peer that asks: members first, then a quarter of the strangers and at least eight, so that no few
    /// questions empty the book (Bitcoin Core gives 23 %). A quarter of the answer is kept for strangers. Nobody is told
    /// of the hopeless.
    func answer(_ count: Int, besides asker: Identity?, now: Int64, draw: (UInt64) -> UInt64) -> [AddressRecord] {
        let share = min(count, max(8, strangerCount / 4))
        let told = choose(share, where: { $0.record.expires > now && !$0.isHopeless(at: now) }, draw: draw)
            .map(\.record).filter { $0.identity != asker }
        var known = members.values.map(\.record).filter { $0.identity != asker && $0.expires > now }
        var records: [AddressRecord] = []
        let room = count - min(told.count, count / 4)
        while records.count < room, !known.isEmpty { records.append(Self.take(&known, draw)) }
        return records + told.prefix(count - records.count)
    }

    private static func take<Element>(_ elements: inout [Element], _ draw: (UInt64) -> UInt64) -> Element {
        let index = Int(draw(UInt64(elements.count)))
        elements.swapAt(index, elements.count - 1)
        return elements.removeLast()
    }
}

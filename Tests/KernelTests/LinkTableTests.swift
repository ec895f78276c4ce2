import Testing
import Wire

@testable import Kernel

struct LinkTableTests {
    private let remote = Endpoint(ip: IPAddress(version4: 0xc000_0201), port: 24_100)

    private func identity(_ number: UInt64) -> Identity { Identity(key: Bytes32(number, 0, 0, 0)) }

    private func insert(_ table: inout LinkTable, up peer: UInt64? = nil) -> LinkID {
        let id = table.insert(direction: .accepted, remote: remote, expected: nil, at: .zero)
        if let peer {
            table.update(id) {
                $0.phase = .up
                $0.peer = identity(peer)
            }
        }
        return id
    }

    @Test("generations are never used again")
    func generations() {
        var table = LinkTable()
        var seen: [LinkID] = []
        for round in 0..<20 {
            let id = insert(&table)
            #expect(!seen.contains(id))
            seen.append(id)
            if round % 3 == 0 { _ = table.remove(id) }
        }
        #expect(seen == seen.sorted())
        #expect(table.entries.map(\.id) == table.entries.map(\.id).sorted())
    }

    @Test("a link is found by its generation wherever the others are, and not once it has ended")
    func lookUp() {
        var table = LinkTable()
        let ids = (0..<50).map { _ in insert(&table) }
        for id in ids where id.number % 3 == 0 { #expect(table.remove(id)?.id == id) }
        for id in ids { #expect((table[id] != nil) == (id.number % 3 != 0)) }
        #expect(table[LinkID(number: 0)] == nil)
        #expect(table[LinkID(number: 51)] == nil)
        #expect(table.remove(ids[2]) == nil)
    }

    @Test("a dial begins connecting, an accepted connection begins its handshake")
    func firstPhase() {
        var table = LinkTable()
        let dialled = table.insert(direction: .dialled, remote: remote, expected: identity(1), at: .zero)
        #expect(table[dialled]?.phase == .connecting)
        let accepted = insert(&table)
        #expect(table[accepted]?.phase == .handshaking)
    }

    @Test("only links that are up count as connected, two of one peer once")
    func counting() {
        var table = LinkTable()
        _ = insert(&table)
        let first = insert(&table, up: 1)
        let second = insert(&table, up: 1)
        _ = insert(&table, up: 2)
        #expect(table.connectedPeerCount == 2)
        #expect(table.newestUp(with: identity(1))?.id == second)
        _ = table.remove(second)
        #expect(table.newestUp(with: identity(1))?.id == first)
        #expect(table.newestUp(with: identity(3)) == nil)
        #expect(Array(table.up).map(\.id.number) == [2, 4])
    }
}

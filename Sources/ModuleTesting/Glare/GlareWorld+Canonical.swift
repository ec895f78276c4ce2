import Kernel
import Links
import Wire

extension GlareWorld {
    /// A hash of everything that what follows depends on: two worlds with the same one have the same future.
    package var canonical: CanonicalHash {
        var hash = CanonicalHash()
        hash.add(allowance.failures << 32 | allowance.losses << 16 | allowance.silences)
        hash.add(allowance.restarts[0] << 8 | allowance.restarts[1])
        for host in 0...1 { add(host, to: &hash) }
        // By name: in which order the two ends dialled is nobody's business any more.
        let live = connections.indices.filter { !connections[$0].isOver || !isEmpty(connections[$0]) }
        for index in live.sorted(by: { connections[$0].name < connections[$1].name }) {
            add(connections[index], to: &hash)
        }
        return hash
    }

    private func isEmpty(_ connection: Connection) -> Bool {
        connection.inbox[0].isEmpty && connection.inbox[1].isEmpty
    }

    private func name(of link: LinkID, at host: Int) -> UInt64 {
        connection(of: link, at: host).map { connections[$0].name } ?? 0
    }

    private func add(_ host: Int, to hash: inout CanonicalHash) {
        let place = hosts[host]
        hash.add(place.starts)
        // Timers of single-link: a peer's next dial, then those whose subject is a link.
        let timers = place.node.timers
        hash.add(timers.count)
        for timer in timers {
            let subject = timer.code.subject
            hash.add(UInt64(timer.code.kind))
            hash.add(timer.code.kind == 1 ? subject : name(of: LinkID(number: subject), at: host))
            hash.add(UInt64(max(0, (timer.deadline - place.now).nanoseconds)))
        }
        let links = place.node.table.entries.map { ($0, name(of: $0.id, at: host)) }.sorted { $0.1 < $1.1 }
        hash.add(links.count)
        for (link, name) in links {
            hash.add(name)
            hash.add(UInt64(link.phase.rawValue))
            hash.add(link.peer == nil)
        }
        hash.add(place.answers.count)
        for answer in place.answers { hash.add(connections[answer.connection].name) }
        guard let policy = place.node.linksPolicy as? SingleLink else {
            preconditionFailure("the pair runs single-link")
        }
        policy.addCanonical(at: place.now, to: &hash) { name(of: $0, at: host) }
    }

    private func add(_ connection: Connection, to hash: inout CanonicalHash) {
        hash.add(connection.name)
        var flags: UInt64 = 0
        for flag in [
            connection.isTaken, connection.isOpen, connection.isSilent, connection.isClosed[0], connection.isClosed[1],
        ] {
            flags = flags << 1 | (flag ? 1 : 0)
        }
        hash.add(flags)
        for inbox in connection.inbox {
            hash.add(inbox.count)
            for item in inbox { add(item, to: &hash) }
        }
    }

    private func add(_ item: Item, to hash: inout CanonicalHash) {
        switch item {
        case .opened: hash.add(1 as UInt64)
        case .end: hash.add(2 as UInt64)
        case .reset: hash.add(3 as UInt64)
        case .message(.hello(let hello)):
            hash.add(4 as UInt64)
            hash.add(hello.incarnation)
            hash.add(hello.dialSequence)
            hash.add(hello.endedSequence)
        case .message(.helloAck(let ack)):
            hash.add(5 as UInt64)
            hash.add(ack.incarnation)
            hash.add(ack.refusal?.rawValue ?? "")
        case .message(.proof): hash.add(6 as UInt64)
        case .message(.ready): hash.add(7 as UInt64)
        case .message(.goodbye(let reason)):
            hash.add(8 as UInt64)
            hash.add(reason.rawValue)
        case .message(let message):
            hash.add(9 as UInt64)
            hash.add("\(message)")
        }
    }
}

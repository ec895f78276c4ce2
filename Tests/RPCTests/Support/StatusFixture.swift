import Wire

@testable import Kernel

/// A network of three, seen by its first node.
enum StatusFixture {
    static let own = identity(1)
    static let friend = identity(2)
    static let other = identity(3)
    static let stranger = identity(9)

    static let network = NetworkView(
        name: "test", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10), minimumMasternodes: 2,
        masternodes: [
            NetworkView.Masternode(name: "one", identity: own, endpoint: endpoint(1)),
            NetworkView.Masternode(name: "two", identity: friend, endpoint: endpoint(2)),
            NetworkView.Masternode(name: "three", identity: other, endpoint: endpoint(3)),
        ]
    )

    static func identity(_ number: UInt64) -> Identity { Identity(key: Bytes32(number, 0, 0, 0)) }

    static func endpoint(_ host: UInt32, port: UInt16 = 24_100) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 10 << 24 | host), port: port)
    }

    static func link(
        _ number: UInt64, _ peer: Identity?, _ remote: Endpoint, _ phase: LinkPhase,
        direction: LinkDirection = .dialled, upAt: Instant? = nil
    ) -> Link {
        Link(
            id: LinkID(number: number), direction: direction, remote: remote, expected: nil, openedAt: .zero,
            peer: peer, phase: phase, upAt: upAt
        )
    }

    static func seconds(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    /// The wall clock of every status.
    static let wall = WallTime(milliseconds: 1_765_941_780_250)

    /// A status whose JSON has some hundred kilobytes.
    static func longStatus() -> NodeStatus {
        var ledger = StatusLedger(network: network)
        for number in UInt64(1)...500 {
            let link = LinkID(number: number)
            let endpoint = endpoint(UInt32(1_000 + number))
            ledger.record(.linkUp(link, identity(1_000 + number), endpoint, .accepted), at: .zero, wall: wall)
            ledger.record(
                .linkEnded(
                    link, identity(1_000 + number), endpoint, .shutdown, .peer, wasUp: true, direction: .accepted
                ),
                at: .zero, wall: wall
            )
        }
        return status(ledger: ledger)
    }

    /// The status of a node that knows nothing, in a network of this name.
    static func status(of name: String) -> NodeStatus {
        var network = network
        network.name = name
        return NodeStatus(
            identity: own, address: endpoint(1), version: "1", network: network,
            chain: ChainStatus(height: 0, hash: .genesis, activeMasternodes: 1), links: [],
            ledger: StatusLedger(network: network), now: .zero
        )
    }

    static func status(
        links: [Link] = [], ledger: StatusLedger? = nil, active: Int = 3, now: Instant = seconds(60),
        measured: [LinkMeasurement] = [], loop: LoopStatus? = nil, blockAge: Int64 = 250
    ) -> NodeStatus {
        NodeStatus(
            identity: own, address: endpoint(1), version: "1.2.3", network: network,
            chain: ChainStatus(
                height: 7, hash: .genesis, activeMasternodes: active,
                lastBlockAt: WallTime(milliseconds: wall.milliseconds - blockAge)
            ),
            links: links,
            ledger: ledger ?? StatusLedger(network: network), now: now, wall: wall,
            incarnation: 0xab, measured: measured, loop: loop
        )
    }
}

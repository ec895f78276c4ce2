import Kernel
import Testing
import Wire

@testable import Lab

/// A network of three whose nodes say what a test writes down; times are milliseconds behind the first look.
struct WrittenNetwork {
    /// The first look, in milliseconds since 1970.
    static let origin: Int64 = 1_765_929_600_000
    static let names = ["one", "two", "three"]

    static func identity(_ number: Int) -> Identity { Identity(key: Bytes32(UInt64(number + 1), 0, 0, 0)) }

    static func endpoint(_ number: Int) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 10 << 24 | UInt32(number + 1)), port: 24_100)
    }

    static func view(_ name: String = "written", names: [String] = names) -> NetworkView {
        NetworkView(
            name: name, genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10), minimumMasternodes: 2,
            masternodes: names.enumerated().map {
                NetworkView.Masternode(name: $0.element, identity: identity($0.offset), endpoint: endpoint($0.offset))
            }
        )
    }

    /// Three nodes that run since a minute before the first look and are linked with one another.
    var nodes: [WrittenNode]
    var samples: [StatusSample] = []

    init(network: NetworkView = view()) {
        nodes = (0..<3).map { WrittenNode($0, network: network) }
        for (first, second) in [(0, 1), (0, 2), (1, 2)] { link(first, second, at: -50_000) }
    }

    /// A link of the two is up from `at` on.
    mutating func link(_ first: Int, _ second: Int, at: Int64) {
        nodes[first].up(second, incarnation: nodes[second].incarnation, at: at)
        nodes[second].up(first, incarnation: nodes[first].incarnation, at: at)
    }

    /// The link of the two ends, each end for a reason of its own.
    mutating func part(
        _ first: Int, _ second: Int, at: Int64, _ reason: Reason, _ other: Reason? = nil,
        by ender: LinkEnder = .transport
    ) {
        nodes[first].lose(second, at: at, reason, by: ender)
        nodes[second].lose(first, at: at, other ?? reason, by: ender)
    }

    /// Everybody is looked at; those that are `away` do not answer.
    mutating func look(at: Int64, only: [Int] = [0, 1, 2], away: [Int] = []) {
        for number in only {
            if away.contains(number) {
                samples.append(
                    StatusSample(
                        atMilliseconds: Self.origin + at, place: "http://10.0.0.\(number + 1)", error: "cannot connect"
                    )
                )
            } else {
                samples.append(nodes[number].look(at: at))
            }
        }
    }

    /// Looks every second from `from` to `until`, both included.
    mutating func look(from: Int64, until: Int64, only: [Int] = [0, 1, 2], away: [Int] = []) {
        for at in stride(from: from, through: until, by: 1_000) { look(at: at, only: only, away: away) }
    }

    func learn() throws -> LearntScenario { ScenarioLearner.learn(try Measurements(samples)) }

    /// The scenario that the learnt file makes.
    func scenario() throws -> Scenario {
        let outcome = Scenario.load(text: try learn().text, name: "learnt")
        return try #require(outcome.value, "\(outcome.renderedDiagnostics())")
    }
}

/// One node of it.
struct WrittenNode {
    let number: Int
    private let network: NetworkView
    private(set) var incarnation: UInt64
    /// Milliseconds behind the first look.
    private(set) var started: Int64
    /// By how much its wall clock is wrong, in milliseconds.
    var ahead: Int64 = 0
    /// For how long its own clock stood still.
    var slept: Int64 = 0
    var loop = LoopStatus()
    private var ledger: StatusLedger
    private var links: [(link: Link, peer: Int, path: LinkMeasurement.Path?, incarnation: UInt64)] = []
    private var nextLink: UInt64 = 1

    init(_ number: Int, network: NetworkView, started: Int64 = -60_000, incarnation: UInt64? = nil) {
        self.number = number
        self.network = network
        self.started = started
        self.incarnation = incarnation ?? UInt64(number + 1) << 8
        self.ledger = StatusLedger(network: network)
    }

    /// Another process takes its place, which remembers nothing.
    mutating func restart(at: Int64) {
        self = WrittenNode(number, network: network, started: at, incarnation: incarnation + 1)
    }

    private func instant(_ at: Int64) -> Instant { Instant(nanoseconds: (at - started - slept) * 1_000_000) }
    private func wall(_ at: Int64) -> WallTime { WallTime(milliseconds: WrittenNetwork.origin + at + ahead) }

    mutating func up(_ peer: Int, incarnation: UInt64, at: Int64) {
        let id = LinkID(number: nextLink)
        nextLink += 1
        let identity = WrittenNetwork.identity(peer)
        let remote = WrittenNetwork.endpoint(peer)
        let link = Link(
            id: id, direction: .dialled, remote: remote, expected: identity, openedAt: instant(at), peer: identity,
            phase: .up, upAt: instant(at)
        )
        links.append((link, peer, nil, incarnation))
        ledger.record(.linkUp(id, identity, remote, .dialled), at: instant(at), wall: wall(at))
    }

    mutating func lose(_ peer: Int, at: Int64, _ reason: Reason, by ender: LinkEnder = .transport) {
        guard let place = links.firstIndex(where: { $0.peer == peer }) else { return }
        let link = links.remove(at: place).link
        ledger.record(
            .linkEnded(link.id, link.peer, link.remote, reason, ender, wasUp: true, direction: .dialled),
            at: instant(at), wall: wall(at)
        )
    }

    mutating func fail(_ peer: Int, at: Int64, _ reason: Reason) {
        ledger.record(
            .dialFailed(LinkID(number: nextLink), WrittenNetwork.endpoint(peer), reason), at: instant(at),
            wall: wall(at)
        )
        nextLink += 1
    }

    /// What its TCP says of the link with `peer`, last heard at `heard`.
    mutating func measure(
        _ peer: Int, roundTrip: Int64 = 20_000, variation: Int64 = 1_000, least: Int64 = 18_000, sent: UInt32,
        again: UInt32 = 0, heard: Int64
    ) {
        guard let place = links.firstIndex(where: { $0.peer == peer }) else { return }
        links[place].path = LinkMeasurement.Path(
            roundTrip: .microseconds(roundTrip + 4_000), variation: .microseconds(8_000),
            leastRoundTrip: .microseconds(least),
            calm: LinkMeasurement.Path.Calm(roundTrip: .microseconds(roundTrip), variation: .microseconds(variation)),
            segmentsSent: sent, retransmitted: again, heardAt: instant(heard)
        )
    }

    func look(at: Int64) -> StatusSample {
        StatusSample(
            atMilliseconds: WrittenNetwork.origin + at, place: "http://10.0.0.\(number + 1)",
            status: NodeStatus(
                identity: WrittenNetwork.identity(number), address: WrittenNetwork.endpoint(number), version: "1.0.0",
                network: network, chain: ChainStatus(height: 0, hash: .genesis, activeMasternodes: 3),
                links: links.map(\.link), ledger: ledger, now: instant(at), wall: wall(at), incarnation: incarnation,
                measured: links.map {
                    LinkMeasurement(link: $0.link.id, incarnation: $0.incarnation, path: $0.path)
                },
                loop: loop
            )
        )
    }
}

import Collections
import Kernel
import Wire

@testable import Links

/// Two nodes, the connections between them, and a scheduler that chooses what happens next.
///
/// Each direction of a connection is a queue; nothing overtakes inside it, everything else happens in any order. A
/// held connection delivers nothing until it is released, as a black hole that heals does to TCP.
final class PairWorld {
    /// What one node of the pair is told.
    struct Setup {
        var handshake: SingleLinkOptions.HandshakeStyle
        var rules: [DirectionRule]
        var passiveWait: Duration = .seconds(3)
        var outOfTurnDelay: Duration = .milliseconds(500)
        /// Whether the node of this number dials its peer by address alone.
        var dialsBareAddress = [false, false]
    }

    enum Item {
        case taken
        case opened
        case message(Message)
        case end
        case reset
    }

    struct Connection {
        let dialler: Int
        let deadline: Instant
        var isOpen = false
        var isHeld = false
        /// By node: its name for the connection, whether its socket is gone, and what is on the way to it.
        var links: [LinkID?] = [nil, nil]
        var isClosed = [false, false]
        var inbox: [Deque<Item>] = [[], []]

        var isOver: Bool { isClosed[0] && isClosed[1] }
    }

    enum Power {
        case on
        /// The process is gone; its host refuses.
        case down
        /// The host is gone; nobody answers.
        case dark
    }

    struct Host {
        var node: Node?
        var power = Power.on
        var starts: UInt64 = 0
        var place: OrderedDictionary<LinkID, Int> = [:]
        var answers: [Input] = []
        var up: [LinkID] = []
    }

    let setup: Setup
    let identities: [Identity]
    var now = Instant.zero
    var connections: [Connection] = []
    var hosts = [Host(), Host()]
    /// The first broken promise.
    var problem: String?

    init(_ setup: Setup, identities: [Identity]) {
        self.setup = setup
        self.identities = identities
        for host in 0...1 { start(host) }
    }

    // MARK: Processes

    func start(_ host: Int) {
        let links: SingleLink
        do {
            links = try Fixture.singleLink {
                $0.setting("handshake", to: .string(setup.handshake.rawValue))
                    .setting("direction", to: .string(setup.rules[host].rawValue))
                    .setting("passive_wait", to: .duration(setup.passiveWait))
                    .setting("out_of_turn_delay", to: .duration(setup.outOfTurnDelay))
            }
        } catch {
            problem = "\(error)"
            return
        }
        let isBare = setup.dialsBareAddress[host]
        hosts[host].starts += 1
        hosts[host].power = .on
        hosts[host].node = Node(
            NodeConfiguration(
                network: Fixture.network(of: identities), endpoint: Fixture.endpoint(host),
                signer: HashSigner(identity: identities[host]),
                seed: identities[host].key.prefix64 ^ hosts[host].starts << 32, connectTimeout: .seconds(5),
                modules: PolicySet(
                    links: links, liveness: SilentLiveness(), consensus: NoBlocks(),
                    discovery: [
                        FixedWishes(wishes: [
                            Wish(
                                identity: isBare ? nil : identities[1 - host], endpoint: Fixture.endpoint(1 - host),
                                isMasternode: true
                            )
                        ])
                    ]
                )
            )
        )
        feed(.start, to: host)
    }

    /// The process ends at once; a host that stays on resets its connections, one that goes dark says nothing.
    func stop(_ host: Int, _ power: Power) {
        guard hosts[host].power == .on else { return }
        hosts[host] = Host(node: nil, power: power, starts: hosts[host].starts)
        for index in connections.indices where !connections[index].isClosed[host] {
            guard connections[index].isOpen else {
                if connections[index].dialler == host { connections[index].isClosed = [true, true] }
                continue
            }
            connections[index].isClosed[host] = true
            if power == .down { connections[index].inbox[1 - host].append(.reset) }
        }
    }

    /// One end's TCP gives the connection up; the other end is not told, unless it has more to say.
    func lose(_ index: Int, at host: Int) {
        guard connections[index].isOpen, !connections[index].isClosed[host] else { return }
        connections[index].isClosed[host] = true
        if let link = connections[index].links[host] { feed(.ended(link, .failed(.timedOut)), to: host) }
    }

    // MARK: The network

    func feed(_ input: Input, to host: Int) {
        guard let node = hosts[host].node else { return }
        node.handle(input, at: now, wall: WallTime(milliseconds: 0))
        let effects = node.effects
        node.effects = []
        for effect in effects { carryOut(effect, host) }
    }

    private func carryOut(_ effect: Effect, _ host: Int) {
        switch effect {
        case .open(let link, _, _, let timeout):
            hosts[host].place[link] = connections.count
            var connection = Connection(dialler: host, deadline: now + timeout)
            connection.links[host] = link
            connections.append(connection)
        case .send(let link, let message):
            guard let index = hosts[host].place[link], !connections[index].isClosed[host] else { return }
            connections[index].inbox[1 - host].append(.message(message))
        case .close(let link, _):
            guard let index = hosts[host].place[link], !connections[index].isClosed[host] else { return }
            connections[index].isClosed[host] = true
            if connections[index].isOpen {
                connections[index].inbox[1 - host].append(.end)
            } else {
                connections[index].isClosed[1 - host] = true
            }
        case .verify(let checks, let token):
            let verdicts = SignatureVerdicts(checks.map { HashSigner.holds($0) })
            hosts[host].answers.append(.verified(token, .checked(verdicts)))
        case .observe(let event): watch(event, host)
        case .shutdownWrite, .stopReading, .socketOptions, .persist, .read, .resolve, .answer: break
        }
    }

    /// The promise that holds at every single step: at most one link up.
    private func watch(_ event: Event, _ host: Int) {
        switch event {
        case .linkUp(let link, let peer, _, _):
            if peer != identities[1 - host] { problem = "node \(host) has a link up with a stranger" }
            hosts[host].up.append(link)
            if hosts[host].up.count > 1 { problem = "node \(host) has two links up: \(hosts[host].up)" }
        case .linkEnded(let link, _, _, _, _, _, _): hosts[host].up.removeAll { $0 == link }
        default: break
        }
    }

    /// Hands the next item of a queue to its node.
    func deliver(_ index: Int, to host: Int) {
        guard let item = connections[index].inbox[host].popFirst() else { return }
        guard !connections[index].isClosed[host] else {
            // A host answers data of a connection that it does not know any more.
            if case .message = item, !connections[index].isClosed[1 - host] {
                connections[index].inbox[1 - host].append(.reset)
            }
            return
        }
        switch item {
        case .taken:
            guard let node = hosts[host].node else { return }
            let link = node.admit(from: Fixture.source(of: 1 - host), at: now)
            hosts[host].place[link] = index
            connections[index].links[host] = link
            feed(.accepted(link, identity: nil), to: host)
        case .opened:
            if let link = connections[index].links[host] { feed(.opened(link, identity: nil), to: host) }
        case .message(let message):
            if let link = connections[index].links[host] { feed(.received(link, message), to: host) }
        case .end:
            if let link = connections[index].links[host] { feed(.ended(link, .endOfStream), to: host) }
        case .reset:
            connections[index].isClosed[host] = true
            connections[index].inbox[host] = []
            if let link = connections[index].links[host] { feed(.ended(link, .failed(.reset)), to: host) }
        }
    }

    /// A connection request reaches the other host.
    func answerRequest(_ index: Int) {
        let dialler = connections[index].dialler
        switch hosts[1 - dialler].power {
        case .on:
            connections[index].isOpen = true
            connections[index].inbox[dialler].append(.opened)
            connections[index].inbox[1 - dialler].append(.taken)
        case .down: fail(index, .connectionRefused)
        case .dark: break
        }
    }

    private func fail(_ index: Int, _ reason: Reason) {
        let dialler = connections[index].dialler
        connections[index].isClosed = [true, true]
        if let link = connections[index].links[dialler] { feed(.openFailed(link, reason), to: dialler) }
    }

    // MARK: Time

    var nextDeadline: Instant? {
        let requests = connections.filter { !$0.isOpen && !$0.isOver }.map(\.deadline)
        return (hosts.compactMap { $0.node?.nextDeadline } + requests).min()
    }

    func advance(to instant: Instant) {
        now = max(now, instant)
        for host in 0...1 {
            if let deadline = hosts[host].node?.nextDeadline, deadline <= now { feed(.wake, to: host) }
        }
        for index in connections.indices
        where !connections[index].isOpen && !connections[index].isOver && connections[index].deadline <= now {
            fail(index, .connectTimeout)
        }
    }
}

import Kernel
import Links
import Wire

/// Two whole nodes with the real `single-link`, the connections between them, and nothing else: no simulator, no shared
/// time. Whoever drives it says what happens next.
///
/// It is a value: `fork` gives another one that goes its own way. Each direction of a connection is a queue; nothing
/// overtakes inside it, everything else happens in any order. Each end has a clock of its own, which only its timers
/// move, so that any delay of any message is among the orders.
package struct GlareWorld {
    enum Item {
        case opened
        case message(Message)
        case end
        case reset
    }

    struct Connection {
        let dialler: Int
        /// A name that does not depend on the other end: the dialler's start and its count of dials since.
        let name: UInt64
        var isTaken = false
        /// The dialler was told that it is open.
        var isOpen = false
        var isSilent = false
        /// By end: its name for the connection, whether its socket is gone, and what is on the way to it.
        var links: [LinkID?] = [nil, nil]
        var isClosed = [false, false]
        var inbox: [[Item]] = [[], []]

        var isOver: Bool { isClosed[0] && isClosed[1] }
    }

    struct Host {
        var node: Node
        /// Another world holds the same node.
        var isShared = false
        var now = Instant.zero
        var starts: UInt64 = 0
        var dials: UInt64 = 0
        var places: [(link: LinkID, connection: Int)] = []
        var answers: [(connection: Int, input: Input)] = []
        var up: [LinkID] = []
    }

    package let setup: GlareSetup
    var allowance: GlareAllowance
    var hosts: [Host] = []
    var connections: [Connection] = []
    /// Time since the faults stopped, and when a link last came up or went since then.
    var settled = Duration.zero
    var changedAt = Duration.zero
    /// Since the faults stopped: whether it made a difference which end hears first, and which one finds out.
    var hadOrder = false
    var hadNotice = false
    /// The first broken promise.
    package internal(set) var problem: String?
    private var current = 0

    package init(_ setup: GlareSetup, allowance: GlareAllowance = GlareAllowance()) {
        self.setup = setup
        self.allowance = allowance
        for host in 0...1 { hosts.append(Host(node: Self.node(setup, host, start: 1), starts: 1)) }
        for host in 0...1 { feed(.start, to: host) }
    }

    /// The same world once more.
    package mutating func fork() -> GlareWorld {
        for host in 0...1 { hosts[host].isShared = true }
        return self
    }

    // MARK: Processes

    private static func node(_ setup: GlareSetup, _ host: Int, start: UInt64) -> Node {
        let links: any LinksPolicy
        do {
            guard case .links(let make) = SingleLink.descriptor.factory else {
                preconditionFailure("single-link is a links module")
            }
            links = try make(setup.options(of: host))
        } catch {
            preconditionFailure("single-link refuses options that its own spec holds: \(error)")
        }
        let members = (0...1).map {
            NetworkView.Masternode(name: "\($0)", identity: setup.identity($0), endpoint: setup.endpoint($0))
        }
        return Node(
            NodeConfiguration(
                network: NetworkView(
                    name: "glare", genesis: WallTime(milliseconds: 0), slotInterval: .seconds(10),
                    minimumMasternodes: 1, masternodes: setup.isMasternode ? members : []
                ),
                endpoint: setup.ownEndpoint(host), signer: GlareSigner(identity: setup.identity(host)),
                seed: setup.keys[host] << 8 ^ start, connectTimeout: .seconds(10),
                modules: PolicySet(
                    links: links, liveness: IdleRole(), consensus: IdleRole(),
                    discovery: [GlareWishes(wishes: setup.wishes(of: host))]
                )
            )
        )
    }

    /// The process ends without a word. What it sent is on its way; what is sent to it meets a host that knows nothing.
    mutating func restart(_ host: Int) {
        for index in connections.indices where !connections[index].isClosed[host] {
            if connections[index].isTaken {
                connections[index].isClosed[host] = true
            } else if connections[index].dialler == host {
                connections[index].isClosed = [true, true]
            }
        }
        let old = hosts[host]
        hosts[host] = Host(
            node: Self.node(setup, host, start: old.starts + 1), now: old.now, starts: old.starts + 1
        )
        feed(.start, to: host)
    }

    // MARK: Inputs and effects

    mutating func own(_ host: Int) {
        guard hosts[host].isShared else { return }
        hosts[host].node = hosts[host].node.copy()
        hosts[host].isShared = false
    }

    mutating func feed(_ input: Input, to host: Int, of connection: Int = -1) {
        own(host)
        current = connection
        let node = hosts[host].node
        node.handle(input, at: hosts[host].now, wall: WallTime(milliseconds: Int64(hosts[host].starts)))
        let effects = node.effects
        node.effects = []
        for effect in effects { carryOut(effect, host) }
    }

    private mutating func carryOut(_ effect: Effect, _ host: Int) {
        switch effect {
        case .open(let link, _, _, _):
            hosts[host].dials += 1
            hosts[host].places.append((link, connections.count))
            var connection = Connection(
                dialler: host, name: hosts[host].starts << 32 | hosts[host].dials << 1 | UInt64(host)
            )
            connection.links[host] = link
            connections.append(connection)
        case .send(let link, let message):
            guard let index = connection(of: link, at: host), !connections[index].isClosed[host] else { return }
            post(.message(message), index, to: 1 - host)
        case .close(let link, _):
            guard let index = connection(of: link, at: host), !connections[index].isClosed[host] else { return }
            connections[index].isClosed[host] = true
            connections[index].inbox[host] = []
            if connections[index].isTaken {
                post(.end, index, to: 1 - host)
            } else {
                connections[index].isClosed[1 - host] = true
            }
        case .verify(let checks, let token):
            let verdicts = SignatureVerdicts(checks.map { GlareSigner.holds($0) })
            hosts[host].answers.append((current, .verified(token, .checked(verdicts))))
        case .observe(let event): watch(event, host)
        case .shutdownWrite, .stopReading, .socketOptions, .persist, .read, .resolve, .answer: break
        }
    }

    func connection(of link: LinkID, at host: Int) -> Int? {
        hosts[host].places.last { $0.link == link }?.connection
    }

    /// Puts something on its way to an end.
    mutating func post(_ item: Item, _ index: Int, to host: Int) {
        guard !connections[index].isSilent else { return }
        connections[index].inbox[host].append(item)
    }

    /// The promises that hold at every single step: nobody else's link, and never two of them up at an end.
    private mutating func watch(_ event: Event, _ host: Int) {
        switch event {
        case .linkUp(let link, let peer, _, _):
            if peer != setup.identity(1 - host) { problem = "\(GlareEvent.name(host)) has a link up with a stranger" }
            hosts[host].up.append(link)
            changedAt = settled
            if hosts[host].up.count > 1 {
                problem = "\(GlareEvent.name(host)) has \(hosts[host].up.count) links up: \(hosts[host].up)"
            }
        case .linkEnded(let link, _, _, _, _, let wasUp, _):
            hosts[host].up.removeAll { $0 == link }
            if wasUp { changedAt = settled }
        default: break
        }
    }
}

import Kernel
import Wire

/// Two nodes with the module that is tried, in virtual time, and between them links that the script opens, silences
/// and ends. Nothing but that module sets timers, so a node's next deadline is the module's.
final class Stage {
    /// One way between the nodes.
    static let latency: Int64 = 20_000_000
    /// Events of one run after which the module has gone wild.
    static let eventLimit = 300_000

    /// One node and what the stage knows of it.
    struct Place {
        let node: Node
        let endpoint: Endpoint
        /// The stage speaks to the node's links policy over this one.
        let control: LinkID
        /// Links that are up, oldest first.
        var up: [LinkID] = []
        var isStalled = false
        /// What came while it was stalled, in order.
        var held: [Input] = []
    }

    /// Both ends of one connection, by place.
    struct Wire {
        let ends: [LinkID]
    }

    /// Something on its way.
    private struct Parcel {
        let time: Int64
        let content: Content

        enum Content {
            case input(Input, place: Int)
            case dial(from: Int, LinkID)
        }
    }

    let watch: Watch
    /// The one the module may speak over.
    let channel: Channel
    var places: [Place] = []
    private(set) var wires: [Wire] = []
    private(set) var now: Int64 = 0
    /// Everything that is sent vanishes.
    var isSilent = false
    /// Events so far.
    private(set) var events = 0
    private var parcels: [Parcel] = []
    private var hash = TraceHash()

    /// - Throws: what `policies` throws.
    init(watch: Watch, channel: Channel, policies: () throws -> PolicySet) throws {
        self.watch = watch
        self.channel = channel
        for index in 0..<2 {
            let endpoint = Self.endpoint(index)
            let node = Node(
                NodeConfiguration(
                    network: Self.network, endpoint: endpoint,
                    signer: StageSigner(identity: Self.identity(index)), seed: 7 + UInt64(index),
                    connectTimeout: .seconds(10), modules: try policies()
                )
            )
            let control = node.admit(from: Endpoint(ip: IPAddress(version4: 0xc000_02fe), port: 9), at: .zero)
            places.append(Place(node: node, endpoint: endpoint, control: control))
        }
    }

    // MARK: Who is there (addresses of the documentation range, RFC 5737)

    static func endpoint(_ index: Int) -> Endpoint {
        Endpoint(ip: IPAddress(version4: 0xc000_0201 + UInt32(index)), port: 24_100)
    }

    static func identity(_ index: Int) -> Identity {
        var stream = RandomStream(seed: 1, name: "identity \(index)")
        return Identity(key: Bytes32(stream.next(), stream.next(), stream.next(), stream.next()))
    }

    /// Whether a node of the stage has this address; the other members of the network are only names.
    static func isNode(_ endpoint: Endpoint?) -> Bool { endpoint == Self.endpoint(0) || endpoint == Self.endpoint(1) }

    private static let network = NetworkView(
        name: "stage", genesis: WallTime(milliseconds: 1_765_929_600_000), slotInterval: .seconds(10),
        minimumMasternodes: 2,
        masternodes: (0..<8).map { index in
            NetworkView.Masternode(name: "n\(index)", identity: identity(index), endpoint: endpoint(index))
        },
        // Members, this node included, and strangers.
        bootstrap: (0..<3).map(endpoint) + (20..<24).map(endpoint)
    )

    /// Over every turn: when, whose, the module's next deadline, and what was sent.
    var digest: String { hash.digest() }

    // MARK: What a script can do

    func start() {
        for index in places.indices { feed(.start, to: index) }
    }

    /// The node at `place` dials the other one.
    func dial(from place: Int) {
        feed(.received(places[place].control, .ready), to: place)
    }

    /// A message that is none of liveness's own reaches a node over a link that is up; nobody reads it, yet it is a
    /// sign of life.
    func deliverTraffic(to place: Int, over link: LinkID) {
        guard places[place].up.contains(link) else { return }
        post(.input(.received(link, .request(id: UInt64(events), padding: 100)), place: place), after: 0)
    }

    /// Ends whatever is up of a connection, the end at `first` a moment before the other.
    func end(_ wire: Wire, first: Int) {
        for (step, place) in [first, 1 - first].enumerated() {
            let delay = Int64(step) * Self.latency
            post(.input(.ended(wire.ends[place], .endOfStream), place: place), after: delay)
        }
        wires.removeAll { $0.ends == wire.ends }
    }

    func stall(_ place: Int) { places[place].isStalled = true }

    /// What was received while the process stood still comes before any timer.
    func resume(_ place: Int) {
        places[place].isStalled = false
        let held = places[place].held
        places[place].held = []
        for input in held { feed(input, to: place) }
        if let next = places[place].node.nextDeadline, next.nanoseconds <= now { feed(.wake, to: place) }
    }

    /// The module went wild; nothing more happens.
    var isOver: Bool { events >= Self.eventLimit }

    func advance(_ duration: Duration) { advance(to: now + duration.nanoseconds) }

    func advance(to end: Int64) {
        while !isOver {
            let timer = nextTimer()
            if let parcel = parcels.first, parcel.time <= min(timer?.time ?? .max, end) {
                now = max(now, parcel.time)
                parcels.removeFirst()
                deliver(parcel.content)
            } else if let timer, timer.time <= end {
                now = max(now, timer.time)
                feed(.wake, to: timer.place)
            } else {
                now = end
                return
            }
        }
        now = end
        watch.report(.boundedness, "the module keeps two nodes busy: \(events) events for a handful of links and a day")
    }
}

// MARK: - The driver

extension Stage {
    private func nextTimer() -> (time: Int64, place: Int)? {
        var earliest: (time: Int64, place: Int)?
        for (index, place) in places.enumerated() where !place.isStalled {
            guard let next = place.node.nextDeadline?.nanoseconds, next < earliest?.time ?? .max else { continue }
            earliest = (next, index)
        }
        return earliest
    }

    /// Parcels of the same moment arrive in the order in which they were posted.
    private func post(_ content: Parcel.Content, after delay: Int64) {
        let time = now + delay
        let index = parcels.firstIndex { $0.time > time } ?? parcels.endIndex
        parcels.insert(Parcel(time: time, content: content), at: index)
    }

    private func deliver(_ content: Parcel.Content) {
        switch content {
        case .input(let input, let place):
            if case .received(let link, _) = input, !places[place].up.contains(link) { return }
            feed(input, to: place)
        case .dial(let from, let link):
            let other = places[1 - from].node.admit(
                from: places[from].endpoint, at: Instant(nanoseconds: now)
            )
            wires.append(Wire(ends: from == 0 ? [link, other] : [other, link]))
            feed(.accepted(other, identity: nil), to: 1 - from)
            feed(.opened(link, identity: nil), to: from)
        }
    }

    private func feed(_ input: Input, to place: Int) {
        if places[place].isStalled {
            places[place].held.append(input)
            return
        }
        events += 1
        let node = places[place].node
        let before = node.nextDeadline?.nanoseconds ?? .max
        let wall = WallTime(milliseconds: Self.network.genesis.milliseconds + now / 1_000_000)
        node.handle(input, at: Instant(nanoseconds: now), wall: wall)
        let effects = node.effects
        node.effects.removeAll(keepingCapacity: true)
        for effect in effects { carryOut(effect, place, input) }
        let after = node.nextDeadline?.nanoseconds ?? .max
        // A timer that was overdue before is the stage's own doing: the process stood still.
        if after < now, before >= now {
            watch.report(
                .legalUse, "at \(Double(now) / 1e9) s a timer was set for \(Double(after) / 1e9) s, which has passed"
            )
        }
        hash.add(UInt64(bitPattern: now), UInt64(place))
        hash.add(UInt64(bitPattern: after), UInt64(effects.count))
    }

    private func carryOut(_ effect: Effect, _ place: Int, _ input: Input) {
        switch effect {
        case .open(let link, _, _, _): post(.dial(from: place, link), after: Self.latency)
        case .send(let link, let message): send(message, over: link, place)
        case .observe(.linkUp(let link, _, _, _)): places[place].up.append(link)
        case .observe(.linkEnded(let link, _, _, _, _, _, _)): places[place].up.removeAll { $0 == link }
        case .observe(.messageDropped(let link, let channel, .notUp)) where channel == self.channel:
            let name = link.map(\.description) ?? "no link"
            watch.report(.legalUse, "the module sent over \(name), which was not up")
        case .persist(_, let token): post(.input(.persisted(token), place: place), after: 1_000_000)
        case .read(_, let token): post(.input(.rows(token, []), place: place), after: 1_000_000)
        case .verify(_, let token): post(.input(.verified(token, mask: .max), place: place), after: 1_000_000)
        case .resolve(let name, let token):
            post(.input(.resolved(token, Self.resolution(of: name)), place: place), after: 1_000_000)
        case .socketOptions, .close, .stopReading, .shutdownWrite, .observe: break
        }
    }

    /// A name has an address of each kind, or none: which, depends on its length.
    private static func resolution(of name: String) -> Resolution {
        guard name.utf8.count.isMultiple(of: 2) else { return .failed(.unknownName) }
        let number = UInt32(name.utf8.count & 0xff)
        return Resolution(
            addresses: [
                IPAddress(version4: 0xc633_6400 | number), IPAddress(version6: 0x2001_0db8 << 32, UInt64(number)),
            ]
        )
    }

    private func send(_ message: Message, over link: LinkID, _ place: Int) {
        hash.add(UInt64(bitPattern: now), link.number)
        hash.add(Self.code(message), 1)
        if message.channel != channel {
            watch.report(
                .legalUse, "the module sent a message of the channel '\(message.channel)', which is not its own")
        }
        guard places[place].up.contains(link) else {
            watch.report(.legalUse, "the module sent over link \(link), which was not up")
            return
        }
        guard !isSilent, let wire = wires.first(where: { $0.ends[place] == link }) else { return }
        post(.input(.received(wire.ends[1 - place], message), place: 1 - place), after: Self.latency)
    }

    /// What a message says, as a number: FNV-1a over its words where it is none of the frequent kinds.
    private static func code(_ message: Message) -> UInt64 {
        switch message {
        case .ping(let nonce): nonce &* 3 &+ 1
        case .pong(let nonce): nonce &* 3 &+ 2
        default:
            String(describing: message).utf8.reduce(0xcbf2_9ce4_8422_2325) {
                ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
            }
        }
    }
}

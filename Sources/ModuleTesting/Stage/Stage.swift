import Kernel
import Store
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
        var node: Node
        let endpoint: Endpoint
        /// The stage speaks to the node's links policy over this one.
        var control: LinkID
        let store = MemoryStore()
        /// How often a successor has taken over.
        var starts = 1
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

            var place: Int {
                switch self {
                case .input(_, let place), .dial(let place, _): place
                }
            }
        }
    }

    let watch: Watch
    let act: StageAct
    /// What liars say to the nodes.
    private(set) var noise: StageNoise
    private let policies: () throws -> PolicySet
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
    init(
        watch: Watch, act: StageAct, messages: any ModuleMessage.Type, policies: @escaping () throws -> PolicySet
    ) throws {
        self.watch = watch
        self.act = act
        noise = StageNoise(channel: act.channel, messages: messages)
        self.policies = policies
        for index in 0..<2 {
            let node = try makeNode(index, start: 1)
            places.append(Place(node: node, endpoint: StageNetwork.endpoint(index), control: Self.control(of: node)))
        }
    }

    private func makeNode(_ index: Int, start: Int) throws -> Node {
        Node(
            NodeConfiguration(
                network: StageNetwork.view, endpoint: StageNetwork.endpoint(index),
                signer: StageSigner(identity: StageNetwork.identity(index)), seed: 5 + UInt64(index + 2 * start),
                connectTimeout: .seconds(10), modules: try policies()
            )
        )
    }

    private static func control(of node: Node) -> LinkID {
        node.admit(from: Endpoint(ip: IPAddress(version4: 0xc000_02fe), port: 9), at: .zero)
    }

    /// Whether a node of the stage has this address; the other members of the network are only names.
    static func isNode(_ endpoint: Endpoint?) -> Bool {
        endpoint == StageNetwork.endpoint(0) || endpoint == StageNetwork.endpoint(1)
    }

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

    /// A message reaches a node over a link that is up, whoever sent it.
    func deliver(_ message: Message, to place: Int, over link: LinkID) {
        guard places[place].up.contains(link) else { return }
        post(.input(.received(link, message), place: place), after: 0)
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

    /// The process at `place` ends. Another one starts there with what the tried module remembers and with its store, and
    /// with nothing else: no link, no timer, no answer that its predecessor waits for.
    ///
    /// - Throws: what the module's constructor or its state's decoder throws.
    func handOver(_ place: Int) throws {
        let state = try places[place].node.snapshots().filter { $0.module == act.place }
        parcels.removeAll { $0.content.place == place }
        for wire in wires { post(.input(.ended(wire.ends[1 - place], .failed(.reset)), place: 1 - place), after: 0) }
        wires = []
        places[place].starts += 1
        let node = try makeNode(place, start: places[place].starts)
        try node.restore(state)
        places[place].node = node
        places[place].control = Self.control(of: node)
        places[place].up = []
        feed(.start, to: place)
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
            guard places[from].node.phase(of: link) != nil else { return }
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
        node.handle(input, at: Instant(nanoseconds: now), wall: StageNetwork.wall(at: now))
        let effects = node.effects
        node.effects.removeAll(keepingCapacity: true)
        for effect in effects { carryOut(effect, place, input) }
        let after = node.nextDeadline?.nanoseconds ?? .max
        // A timer that was overdue before is the stage's own doing: the process stood still.
        if after < now, before >= now {
            watch.report(
                .legalUse,
                "at \(Double(now) / 1e9) s a timer was set for \(Double(after) / 1e9) s, which has passed,\(watch.place)"
            )
        }
        let moment = now
        watch.endTurn(
            Turn(
                time: moment, place: "node \(place)", input: input, callbacks: [], effects: effects,
                deadline: after == .max ? nil : after
            )
        )
        hash.add(UInt64(bitPattern: now), UInt64(place))
        hash.add(UInt64(bitPattern: after), UInt64(effects.count))
    }

    private func carryOut(_ effect: Effect, _ place: Int, _ input: Input) {
        if case .observe(let event) = effect { watch.note(event) }
        switch effect {
        case .open(let link, _, _, _): post(.dial(from: place, link), after: Self.latency)
        case .send(let link, let message): send(message, over: link, place)
        case .observe(.linkUp(let link, _, _, _)): places[place].up.append(link)
        case .observe(.linkEnded(let link, _, _, _, _, _, _)): places[place].up.removeAll { $0 == link }
        case .observe(.messageDropped(let link, let channel, .notUp)) where channel == act.channel:
            let name = link.map(\.description) ?? "no link"
            watch.report(.legalUse, "the module sent over \(name)\(watch.place), which was not up")
        case .persist, .read:
            if let input = places[place].store.carryOut(effect) {
                post(.input(input, place: place), after: 1_000_000)
            }
        case .verify(let checks, let token):
            post(.input(.verified(token, StageSigner.verify(checks)), place: place), after: 1_000_000)
        case .resolve(let name, let token):
            post(.input(.resolved(token, Self.resolution(of: name)), place: place), after: 1_000_000)
        case .socketOptions, .close, .stopReading, .shutdownWrite, .answer, .observe: break
        }
    }

    /// A name has an address of each kind, or none: which, depends on its length.
    static func resolution(of name: String) -> Resolution {
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
        if message.channel != act.channel {
            watch.report(
                .legalUse,
                "the module sent a message of the channel '\(message.channel)'\(watch.place), which is not its own"
            )
        }
        if !message.isEncodable {
            watch.report(
                .legalUse,
                "the module sent a message of \(message.encodedSize) bytes that no receiver takes: \(message)")
        }
        noise.hear(message)
        guard places[place].up.contains(link) else {
            watch.report(.legalUse, "the module sent over link \(link)\(watch.place), which was not up")
            return
        }
        guard !isSilent, let wire = wires.first(where: { $0.ends[place] == link }) else { return }
        post(.input(.received(wire.ends[1 - place], message), place: 1 - place), after: Self.latency)
    }

    /// What a message says, as a number: a hash of its words where it is none of the frequent kinds.
    static func code(_ message: Message) -> UInt64 {
        switch message {
        case .ping(let nonce): nonce &* 3 &+ 1
        case .pong(let nonce): nonce &* 3 &+ 2
        case .module(let envelope): envelope.fingerprint
        default:
            FNV1a.hash(String(describing: message).utf8)
        }
    }
}

import Kernel
import Store
import Wire

/// Nodes whose links module is tried, a network between them that the script breaks, and strangers who say what the
/// script wants. Nothing but that module sets timers, so a node's next deadline is the module's.
final class LinksStage {
    /// One way between any two.
    static let latency: Int64 = 20_000_000
    /// Events of one run after which the module has gone wild.
    static let eventLimit = 400_000
    /// Three masternodes, and a node that is none.
    static let nodeCount = 4

    /// One node and what the stage knows of it.
    struct Place {
        var node: Node
        let orders: Control.Orders
        let identity: Identity
        let endpoint: Endpoint
        let store = MemoryStore()
        var starts = 1
        /// No process is there.
        var isDown = false
        /// What each link was told about its end.
        var told: [(link: LinkID, reason: Reason)] = []
        /// Links that came up in this process, oldest first.
        var wasUp: [LinkID] = []
    }

    /// One end of a connection.
    struct End {
        /// A node's place; nil for a stranger.
        var place: Int?
        /// Which process of that place.
        var start = 0
        var link = LinkID(number: 0)
        /// This end is done: nothing more is heard here.
        var isClosed = false
        var isReadingStopped = false
        /// The other end's end of stream, or the transport's failure, was told here.
        var hasHeardEnd = false
    }

    /// One connection, the dialler's end first.
    struct Line {
        var ends: [End]
        /// The dialler knows that it is open. Before that it can say nothing over it, not even why it gives it up.
        var isOpenToDialler = false
        /// Something was lost on the way: the host's TCP will give up.
        var isBroken = false
    }

    enum Parcel {
        case message(line: Int, to: Int, Message)
        case endOfStream(line: Int, to: Int)
        case failure(line: Int, to: Int, Reason)
        case dial(from: Int, start: Int, LinkID, Endpoint, timeout: Int64)
        case opened(line: Int)
        case halfOpen(line: Int, end: Int)
        case answer(place: Int, start: Int, Input)
    }

    let watch: Watch
    private let limits: LinkLimits?
    private let makeModule: () throws -> any LinksPolicy
    private let judge: LinksJudge
    var places: [Place] = []
    var lines: [Line] = []
    var now: Int64 = 0
    /// Pairs between which nothing arrives.
    var cuts: [(Int, Int)] = []
    var events = 0
    var parcels: [(time: Int64, parcel: Parcel)] = []
    var hash = TraceHash()
    /// The most connections of strangers that a node had at one time.
    var mostStrangers = 0
    private var isShuttingDown = false

    /// - Throws: what `makeModule` throws.
    init(watch: Watch, limits: LinkLimits?, makeModule: @escaping () throws -> any LinksPolicy) throws {
        self.watch = watch
        self.limits = limits
        self.makeModule = makeModule
        self.judge = LinksJudge(watch: watch)
        for index in 0..<Self.nodeCount {
            let orders = Control.Orders()
            let number = Self.number(of: index)
            places.append(
                Place(
                    node: try makeNode(index, start: 1, orders), orders: orders,
                    identity: StageNetwork.identity(number), endpoint: StageNetwork.endpoint(number)
                )
            )
        }
    }

    /// The last place is nobody of the network's.
    private static func number(of place: Int) -> Int { place < 3 ? place : 40 }

    private func makeNode(_ place: Int, start: Int, _ orders: Control.Orders) throws -> Node {
        let number = Self.number(of: place)
        return Node(
            NodeConfiguration(
                network: StageNetwork.view, endpoint: StageNetwork.endpoint(number),
                signer: StageSigner(identity: StageNetwork.identity(number)), seed: UInt64(100 * start + place),
                connectTimeout: .seconds(10),
                modules: PolicySet(
                    links: try makeModule(), liveness: Control(orders), consensus: IdleRole(), discovery: []
                )
            )
        )
    }

    /// Over every turn: when, whose, the next deadline, and what was done.
    var digest: String { hash.digest() }

    /// The module went wild; nothing more happens.
    var isOver: Bool { events >= Self.eventLimit }

    // MARK: What a script can do

    func start() {
        for place in places.indices { feed(.start, to: place) }
    }

    /// Has a node do something between two of its module's callbacks.
    func order(_ place: Int, _ order: @escaping Control.Orders.Order) {
        guard !places[place].isDown else { return }
        places[place].orders.add(order)
        feed(.workAhead(upTo: .zero), to: place)
    }

    /// A node's discovery wants these places, and no others.
    func want(_ wanted: [Int], by place: Int, _ pass: DiscoveryPass = .periodic, barely: Bool = false) {
        let wishes = wanted.map { other in
            Wish(
                identity: barely ? nil : places[other].identity, endpoint: places[other].endpoint,
                isMasternode: other < 3 && !barely
            )
        }
        order(place) { $0.want(wishes, pass) }
    }

    /// How the end of a process reaches the other ends of its links.
    enum Death: CaseIterable {
        /// Its host resets the connections, as where something was unread.
        case reset
        /// Its host ends the streams.
        case endOfStream
        /// Nobody hears of it.
        case silence
    }

    /// The process of a place ends.
    func kill(_ place: Int, _ death: Death) {
        for (index, line) in lines.enumerated() {
            for (number, end) in line.ends.enumerated() where end.place == place && !end.isClosed {
                lines[index].ends[number].isClosed = true
                switch death {
                case .reset: post(.failure(line: index, to: 1 - number, .reset), after: Self.latency)
                case .endOfStream: post(.endOfStream(line: index, to: 1 - number), after: Self.latency)
                case .silence: break
                }
            }
        }
        places[place].isDown = true
    }

    /// A new process starts where one was killed, with what the other's module remembered where `inherits`.
    ///
    /// - Throws: what the module's constructor or its state's decoder throws.
    func restart(_ place: Int, inherits: Bool) throws {
        let state = inherits ? try places[place].node.snapshots().filter { $0.module == "links" } : []
        places[place].starts += 1
        let node = try makeNode(place, start: places[place].starts, places[place].orders)
        try node.restore(state)
        places[place].node = node
        places[place].told = []
        places[place].wasUp = []
        places[place].isDown = false
        feed(.start, to: place)
    }

    /// Both ends of a connection learn that it is gone.
    func reset(_ line: Int, _ reason: Reason = .reset) {
        for end in lines[line].ends.indices { post(.failure(line: line, to: end, reason), after: 0) }
    }

    /// Nothing arrives between two places any more.
    func cut(_ first: Int, _ second: Int) { cuts.append((min(first, second), max(first, second))) }

    /// Everything arrives again; the connections that lost something are given up by their hosts.
    func heal() {
        cuts = []
        for index in lines.indices where lines[index].isBroken { reset(index, .timedOut) }
    }

    /// A stranger's connection comes in.
    ///
    /// - Returns: its number.
    func knock(at place: Int, from remote: Endpoint) -> Int? {
        guard !places[place].isDown else { return nil }
        let link = places[place].node.admit(from: remote, at: Instant(nanoseconds: now))
        lines.append(Line(ends: [End(), End(place: place, start: places[place].starts, link: link)]))
        feed(.accepted(link, identity: nil), to: place)
        return lines.count - 1
    }

    /// A stranger says something.
    func say(_ message: Message, over line: Int) { post(.message(line: line, to: 1, message), after: 0) }

    /// A stranger sends its end of stream.
    func hangUp(_ line: Int) { post(.endOfStream(line: line, to: 1), after: 0) }

    func shutDown() {
        isShuttingDown = true
        for place in places.indices where !places[place].isDown { feed(.shutdown, to: place) }
    }

    /// Connections that are open at both ends between two places and up there.
    func linksUp(between first: Int, and second: Int) -> Int {
        lines.count { line in
            line.ends.allSatisfy { end in
                guard let place = end.place, !end.isClosed else { return false }
                return (place == first || place == second) && places[place].node.phase(of: end.link) == .up
            } && line.ends.contains { $0.place == first } && line.ends.contains { $0.place == second }
        }
    }

    // MARK: Judgement

    /// A second after the other end's end of stream a node has closed its own end.
    func judgeHalfOpen(_ line: Int, _ number: Int) {
        let end = lines[line].ends[number]
        guard !end.isClosed, let place = end.place, !places[place].isDown, places[place].starts == end.start,
            places[place].node.phase(of: end.link) != nil
        else { return }
        report(.cleanUp, "\(end.link) is open a second after 'ended' told of the other end's end of stream")
    }

    func report(_ rule: ConformanceRule, _ message: String) {
        watch.report(rule, "at \(Double(now / 1_000_000) / 1e3) s \(message)")
    }

    /// What has to hold after every turn.
    func judgeTurn(_ place: Int) {
        let node = places[place].node
        let table = node.table
        judge.judge(
            table, at: Instant(nanoseconds: now), routes: { node.route(to: $0) }, replies: { node.replyRoute(for: $0) }
        )
        let strangers = table.entries.count { $0.direction == .accepted && $0.phase != .up }
        mostStrangers = max(mostStrangers, strangers)
        guard let limits else { return }
        if strangers > limits.handshakes {
            report(.admission, "\(strangers) incoming connections are not up; the limit is \(limits.handshakes)")
        }
        let up = table.entries.count { $0.phase == .up }
        if up > limits.links { report(.admission, "\(up) links are up; the limit is \(limits.links)") }
    }

    /// Whether an end that we made was one that says why.
    func judgeEnd(_ link: LinkID, _ reason: Reason, _ input: Input, _ place: Int) {
        guard !isShuttingDown, let (line, number) = find(link, place), !lines[line].ends[number].hasHeardEnd,
            number == 1 || lines[line].isOpenToDialler
        else { return }
        if case .ended(link, _) = input { return }
        if reason == .other { report(.reasons, "\(link) is ended for the reason 'other', which is none") }
        guard let told = places[place].told.last(where: { $0.link == link })?.reason else {
            report(.reasons, "\(link) is ended (\(reason.rawValue)) and the other end is not told why")
            return
        }
        if told != reason {
            report(
                .reasons, "\(link) is ended: '\(reason.rawValue)' here, and the other end is told '\(told.rawValue)'")
        }
    }

    /// Which connection, and which of its ends, a node's link is.
    func find(_ link: LinkID, _ place: Int) -> (line: Int, end: Int)? {
        for line in lines.indices.reversed() {
            for end in 0..<2 where lines[line].ends[end].link == link {
                // Generations begin anew with a process.
                let entry = lines[line].ends[end]
                if entry.place == place, entry.start == places[place].starts { return (line, end) }
            }
        }
        return nil
    }
}

import Kernel
import Links
import Profile
import Wire

/// `single-link` with one fault on purpose, or none.
struct WaywardLinks: LinksPolicy {
    /// What it does wrong.
    enum Fault: String, CaseIterable, Sendable {
        case none
        case drawsFromTheSystem
        case keepsADictionary
        case dialsItself
        case speaksOverEndedLinks
        case forgetsEndsOfStream
        case cannotReadItsTimers
        case takesTheStateAsItIs
        case ticks
        case remembersEveryStranger
        case bringsUpWhoeverSaysHello
        case routesOverEndedLinks
        case answersOverAnotherLink
        case refusesWithoutAWord
        case refusesInOtherWords
        case holdsWhoeverCalls
        case believesWhatIsSaid
        case neverDials
    }

    struct State: Codable, Sendable {
        var inner: SingleLink.State
        var strangers: [UInt64] = []
        var byNumber: [UInt64: Int]?
        var lastUp: [Up] = []
    }

    struct Up: Codable, Sendable {
        var peer: Identity
        var link: LinkID
    }

    enum Timer: PolicyTimer {
        case inner(SingleLink.Timer)
        case tick
        case broken

        var code: TimerCode {
            switch self {
            case .inner(let timer): timer.code
            case .tick: TimerCode(kind: 100)
            case .broken: TimerCode(kind: 101)
            }
        }

        init?(code: TimerCode) {
            if code.kind == 100 {
                self = .tick
            } else if let inner = SingleLink.Timer(code: code) {
                self = .inner(inner)
            } else {
                return nil
            }
        }
    }

    let fault: Fault
    private var inner: SingleLink
    private var strangers: [UInt64] = []
    private var byNumber: [UInt64: Int]?
    private var lastUp: [Up] = []

    var state: State {
        get { State(inner: inner.state, strangers: strangers, byNumber: byNumber, lastUp: lastUp) }
        set {
            inner.state = newValue.inner
            strangers = newValue.strangers
            byNumber = newValue.byNumber
            lastUp = newValue.lastUp
        }
    }

    init(fault: Fault) throws {
        self.fault = fault
        var options = try Options.defaults(of: SingleLink.descriptor.spec.options)
            .setting("maximum_links", to: .integer(16)).setting("maximum_peers", to: .integer(32))
        if fault == .believesWhatIsSaid { options = options.setting("handshake", to: .string("ack")) }
        guard case .links(let make) = SingleLink.descriptor.factory, let inner = try make(options) as? SingleLink else {
            preconditionFailure("single-link is no links module")
        }
        self.inner = inner
    }

    mutating func start(_ context: inout Context) {
        if fault != .takesTheStateAsItIs { inner.start(&context) }
        if fault == .dialsItself { _ = context.open(context.endpoint, expecting: nil) }
        if fault == .ticks { context.schedule(Timer.tick, after: .seconds(60)) }
        if fault == .cannotReadItsTimers { context.schedule(Timer.broken, after: .seconds(60)) }
    }

    mutating func fired(_ timer: Timer, _ context: inout Context) {
        switch timer {
        case .inner(let timer): inner.fired(timer, &context)
        case .tick: context.schedule(Timer.tick, after: .seconds(60))
        case .broken: break
        }
    }

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {
        if fault == .neverDials { return }
        if fault == .drawsFromTheSystem {
            context.note(.debug, "drawn")
            if Bool.random() { context.note(.debug, "once more") }
        }
        inner.wanted(wishes, by: source, pass, &context)
        note(context)
    }

    mutating func dialled(_ link: Link, _ context: inout Context) { inner.dialled(link, &context) }

    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {
        inner.dialFailed(link, reason, &context)
    }

    mutating func accepted(_ link: Link, _ context: inout Context) {
        if fault == .keepsADictionary { byNumber = [link.id.number: 1] }
        if fault == .remembersEveryStranger { strangers += (0..<10).map { _ in context.randomBits() } }
        if fault == .refusesWithoutAWord, link.id.number % 3 == 0 { return context.close(link.id, .notWanted) }
        if fault == .refusesInOtherWords, link.id.number % 3 == 0 {
            context.send(.goodbye(.duplicate), over: link.id)
            return context.close(link.id, .notWanted)
        }
        if fault == .holdsWhoeverCalls { return }
        inner.accepted(link, &context)
    }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        if fault == .forgetsEndsOfStream, end == .endOfStream, link.phase == .up { return }
        inner.ended(link, end, &context)
        if fault == .speaksOverEndedLinks { context.send(.goodbye(.duplicate), over: link.id) }
        note(context)
    }

    mutating func dead(_ link: Link, _ reason: Reason, _ context: inout Context) {
        inner.dead(link, reason, &context)
        note(context)
    }

    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        if fault == .bringsUpWhoeverSaysHello, case .hello(let hello) = message,
            context.link(link)?.direction == .accepted, hello.identity != context.identity,
            context.network.masternode(hello.identity) != nil
        {
            context.send(
                .helloAck(
                    HelloAck(
                        refusal: nil, identity: context.identity, incarnation: context.incarnation, nonce: 0,
                        signature: .none
                    )
                ), over: link
            )
            return context.markUp(link, peer: hello.identity)
        }
        inner.received(message, from: link, &context)
        note(context)
    }

    mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {
        inner.verified(verification, token, &context)
        note(context)
    }

    func route(to peer: Identity) -> LinkID? {
        if fault == .routesOverEndedLinks { return lastUp.last { $0.peer == peer }?.link }
        return inner.route(to: peer)
    }

    func replyRoute(for link: LinkID) -> LinkID? { fault == .answersOverAnotherLink ? nil : link }

    private mutating func note(_ context: borrowing Context) {
        guard fault == .routesOverEndedLinks else { return }
        for link in context.links.up {
            guard let peer = link.peer, !lastUp.contains(where: { $0.peer == peer }) else { continue }
            lastUp.append(Up(peer: peer, link: link.id))
        }
    }

    static func descriptor(_ fault: Fault) -> ModuleDescriptor {
        ModuleDescriptor(
            spec: ModuleSpec(
                role: Role.links.rawValue, id: "wayward", version: "1", stability: .development,
                summary: "breaks one rule", posture: "for tests", options: OptionSpec([])
            ),
            factory: .links { _ in try WaywardLinks(fault: fault) }
        )
    }
}

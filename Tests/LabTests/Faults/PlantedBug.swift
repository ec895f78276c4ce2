import Kernel
import Links
import Profile
import Testing
import Wire

@testable import Lab

/// `single-link` with one thing wrong with it, as it could come out of an afternoon's refactoring.
struct PlantedBug: LinksPolicy {
    enum Kind: String, CaseIterable {
        /// Every process start of everybody looks like the same one: nobody's fresh link takes over.
        case noTakeover
        /// A link that its transport ended stays in its peer's entry: the peer counts as linked for ever.
        case staleEntry
        /// A dial that failed is not noted: its peer counts as being dialled for ever.
        case lostFailure
        /// A second link of a peer is brought up beside the first.
        case noTieBreak
    }

    let kind: Kind
    var inner: SingleLink
    var state: SingleLink.State {
        get { inner.state }
        set { inner.state = newValue }
    }

    static func registry(_ kind: Kind) -> Registry {
        let module = ModuleDescriptor(
            spec: ModuleSpec(
                role: Role.links.rawValue, id: "planted", version: "1", stability: .alpha, summary: kind.rawValue,
                posture: "wrong on purpose", options: SingleLink.descriptor.spec.options
            ),
            factory: .links { options in
                guard case .links(let make) = SingleLink.descriptor.factory,
                    let inner = try make(options) as? SingleLink
                else { throw WrongModule() }
                return PlantedBug(kind: kind, inner: inner)
            }
        )
        return .lab + [module]
    }

    private struct WrongModule: Error {}

    mutating func start(_ context: inout Context) { inner.start(&context) }

    mutating func fired(_ timer: SingleLink.Timer, _ context: inout Context) { inner.fired(timer, &context) }

    mutating func linkUp(_ link: Link, _ context: inout Context) { inner.linkUp(link, &context) }

    mutating func linkDown(_ link: Link, _ reason: Reason, _ context: inout Context) {
        inner.linkDown(link, reason, &context)
    }

    mutating func verified(_ verification: Verification, _ token: Token, _ context: inout Context) {
        inner.verified(verification, token, &context)
    }

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {
        inner.wanted(wishes, by: source, pass, &context)
    }

    mutating func dialled(_ link: Link, _ context: inout Context) { inner.dialled(link, &context) }

    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {
        if kind != .lostFailure || reason == .connectionRefused { inner.dialFailed(link, reason, &context) }
    }

    mutating func accepted(_ link: Link, _ context: inout Context) { inner.accepted(link, &context) }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        if kind == .staleEntry, link.phase == .up, case .failed(let reason) = end {
            context.close(link.id, reason, by: .transport)
        } else {
            inner.ended(link, end, &context)
        }
    }

    mutating func dead(_ link: Link, _ reason: Reason, _ context: inout Context) { inner.dead(link, reason, &context) }

    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        guard kind == .noTakeover || kind == .noTieBreak else { return inner.received(message, from: link, &context) }
        switch message {
        case .hello(var hello):
            hello.incarnation = kind == .noTakeover ? 1 : hello.incarnation ^ hello.dialSequence << 32 ^ hello.nonce
            inner.received(.hello(hello), from: link, &context)
        case .helloAck(var ack):
            if kind == .noTakeover { ack.incarnation = 1 }
            inner.received(.helloAck(ack), from: link, &context)
        default: inner.received(message, from: link, &context)
        }
    }

    func route(to peer: Identity) -> LinkID? { inner.route(to: peer) }
}

import Kernel
import Wire

/// The links policy of the stage: does what the script says and nothing by itself.
///
/// A link that ends is kept as a lingering one, so that a verdict on it still arrives here and can be seen for what
/// it is: a verdict on a link that was not up.
struct ScriptedLinks: LinksPolicy {
    let watch: Watch
    var state = State()

    /// What is up, oldest first.
    struct State: Codable, Sendable {
        var routes: [Route] = []
    }

    struct Route: Codable, Sendable {
        var peer: Identity
        var link: LinkID
    }

    init(watch: Watch) {
        self.watch = watch
    }

    /// Links of an earlier process are gone.
    mutating func start(_ context: inout Context) { state = State() }

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {
        WishJudge(identity: context.identity, endpoint: context.endpoint, network: context.network)
            .judge(wishes, watch)
    }

    mutating func dialled(_ link: Link, _ context: inout Context) { markUp(link, &context) }

    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {}

    mutating func accepted(_ link: Link, _ context: inout Context) { markUp(link, &context) }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        retire(link.id, end.reason, by: .transport, &context)
    }

    mutating func dead(_ link: Link, _ reason: Reason, _ context: inout Context) {
        if link.phase != .up {
            watch.report(
                .legalUse, "link \(link.id) was declared dead (\(reason.rawValue))\(watch.place) when it was not up")
        }
        retire(link.id, reason, by: .us, &context)
    }

    /// The stage's own word, over a link that is never up: dial the other node.
    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        let own = context.endpoint
        guard case .ready = message, context.link(link)?.phase == .handshaking,
            let other = context.network.masternodes.first(where: { $0.endpoint != own && Stage.isNode($0.endpoint) }),
            let endpoint = other.endpoint
        else { return }
        _ = context.open(endpoint, expecting: other.identity)
    }

    func route(to peer: Identity) -> LinkID? { state.routes.last { $0.peer == peer }?.link }

    private mutating func markUp(_ link: Link, _ context: inout Context) {
        guard let peer = context.network.masternodes.first(where: { $0.endpoint == link.remote })?.identity else {
            return
        }
        state.routes.append(Route(peer: peer, link: link.id))
        context.markUp(link.id, peer: peer)
    }

    private mutating func retire(_ link: LinkID, _ reason: Reason, by ender: LinkEnder, _ context: inout Context) {
        state.routes.removeAll { $0.link == link }
        context.halfClose(link, reason, by: ender)
    }
}

import Kernel
import Wire

/// A links policy without a will: what the driver takes in is up at once, under the identity the transport names.
struct ScriptedLinks: LinksPolicy {
    struct State: Codable, Sendable {
        struct Route: Codable, Sendable {
            let peer: Identity
            let link: LinkID
        }

        var routes: [Route] = []
    }

    var state = State()

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {}
    mutating func dialled(_ link: Link, _ context: inout Context) {}
    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {}

    mutating func accepted(_ link: Link, _ context: inout Context) {
        guard let peer = link.transportIdentity else { return }
        state.routes.append(.init(peer: peer, link: link.id))
        context.markUp(link.id, peer: peer)
    }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        state.routes.removeAll { $0.link == link.id }
        context.close(link.id, end.reason, by: .transport)
    }

    mutating func reportedMisbehaviour(_ peer: Identity, _ misbehaviour: Misbehaviour, _ context: inout Context) {
        context.note(.info, "\(peer) misbehaved: \(misbehaviour.reason.rawValue), \(misbehaviour.weight)")
    }

    func route(to peer: Identity) -> LinkID? { state.routes.last { $0.peer == peer }?.link }
}

struct NoLiveness: LivenessPolicy {
    var state = NoState()
}

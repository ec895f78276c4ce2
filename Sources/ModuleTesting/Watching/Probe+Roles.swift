import Kernel
import Wire

extension Probe: LivenessPolicy where Wrapped: LivenessPolicy {
    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        step(&context) { $0.received(message, from: link, &$1) }
    }

    var observesTraffic: Bool { wrapped.observesTraffic }

    mutating func heard(_ link: LinkID, _ context: inout Context) {
        step(&context) { $0.heard(link, &$1) }
    }

    mutating func workAhead(upTo limit: Duration, _ context: inout Context) {
        step(&context) { $0.workAhead(upTo: limit, &$1) }
    }
}

extension Probe: DiscoveryPolicy where Wrapped: DiscoveryPolicy {
    mutating func offered(_ candidates: [Candidate], by source: Int, _ context: inout Context) {
        step(&context) { $0.offered(candidates, by: source, &$1) }
    }

    mutating func dialEnded(_ link: Link, _ reason: Reason, _ context: inout Context) {
        step(&context) { $0.dialEnded(link, reason, &$1) }
    }
}

extension Probe: ConsensusPolicy where Wrapped: ConsensusPolicy {
    var status: ChainStatus { wrapped.status }
}

extension Probe: WorkloadPolicy where Wrapped: WorkloadPolicy {}

extension Probe: LinksPolicy where Wrapped: LinksPolicy {
    mutating func received(_ message: Message, from link: LinkID, _ context: inout Context) {
        step(&context) { $0.received(message, from: link, &$1) }
    }

    mutating func wanted(_ wishes: [Wish], by source: Int, _ pass: DiscoveryPass, _ context: inout Context) {
        step(&context) { $0.wanted(wishes, by: source, pass, &$1) }
    }

    mutating func dialled(_ link: Link, _ context: inout Context) { step(&context) { $0.dialled(link, &$1) } }

    mutating func dialFailed(_ link: Link, _ reason: Reason, _ context: inout Context) {
        step(&context) { $0.dialFailed(link, reason, &$1) }
    }

    mutating func accepted(_ link: Link, _ context: inout Context) { step(&context) { $0.accepted(link, &$1) } }

    mutating func ended(_ link: Link, _ end: StreamEnd, _ context: inout Context) {
        step(&context) { $0.ended(link, end, &$1) }
    }

    mutating func dead(_ link: Link, _ reason: Reason, _ context: inout Context) {
        step(&context) { $0.dead(link, reason, &$1) }
    }

    func route(to peer: Identity) -> LinkID? { wrapped.route(to: peer) }

    func replyRoute(for link: LinkID) -> LinkID? { wrapped.replyRoute(for: link) }
}

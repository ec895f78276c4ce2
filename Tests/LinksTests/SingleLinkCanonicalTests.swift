import Kernel
import Testing
import Wire

@testable import Links

/// The canonical form of the state leaves nothing out by oversight: whoever adds a field says here where it belongs.
struct SingleLinkCanonicalTests {
    private func fields(_ value: Any) -> Set<String> { Set(Mirror(reflecting: value).children.compactMap(\.label)) }

    @Test("every field of the state is in the canonical form, or is left out for a reason")
    func fields() {
        let peer = SingleLink.Peer(identity: nil, endpoint: nil)
        #expect(
            fields(peer) == [
                "identity", "endpoint", "isWanted", "isMasternode", "up", "dialling", "dialSequence", "endedSequence",
                "incarnation", "incarnationSince", "formerIncarnations", "failures", "refusals", "notBefore",
                "waitingSince",
            ])
        let up = SingleLink.Established(link: LinkID(number: 1), since: .zero, direction: .dialled, sequence: 1)
        // The third and fourth last count where strangers are too many; the last two only tell the outside something.
        #expect(
            fields(up) == [
                "link", "since", "direction", "sequence", "roundTrip", "usefulAt", "advertised", "evidence",
            ])
        #expect(
            fields(SingleLink.Attempt(link: LinkID(number: 1), sequence: 1)) == ["link", "sequence", "isGreeted"])
        // What is signed follows from what was said; the last two end up in the round trip.
        #expect(
            fields(SingleLink.Handshake(stage: .awaitingHello)) == [
                "stage", "peer", "claim", "transcript", "answeredAt", "roundTrip",
            ])
        // Wishes are the caller's; four are about strangers, the last three about probes, which change no link.
        #expect(
            fields(SingleLink.State()) == [
                "wishes", "peers", "handshakes", "checks", "places", "reputation", "meters", "secret", "isOutboundFull",
                "probes", "probed", "dialability",
            ])
    }
}

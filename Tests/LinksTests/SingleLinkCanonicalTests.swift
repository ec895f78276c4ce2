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
                "identity", "endpoint", "isWanted", "unwantedSince", "hasProvenKey", "isMasternode", "up", "dialling",
                "dialSequence", "endedSequence",
                "process", "incarnationSince", "formerProcesses", "toldAt", "failures", "refusals", "notBefore",
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
        // What is signed follows from what was said; when, and what a clock showed, ends up in round trips and offsets.
        let claim = SingleLink.Claim(
            identity: Fixture.identity(1), incarnation: 1, dialSequence: 1, endedSequence: 0,
            listen: Fixture.endpoint(1))
        #expect(fields(SingleLink.Party(place: 0, claim: claim)) == ["place", "claim", "reading"])
        #expect(fields(SingleLink.Question(askedAt: .zero, transcript: [])) == ["askedAt", "transcript"])
        #expect(fields(SingleLink.Peers()) == ["entries", "places"])
        #expect(fields(SingleLink.Handshakes()) == ["underWay", "checks", "told"])
        // Wishes are the caller's; four are about strangers, three about probes, which change no link, and the last four
        // about another process with the own key, which changes none either.
        #expect(
            fields(SingleLink.State()) == [
                "wishes", "peers", "handshakes", "reputation", "meters", "secret", "isOutboundFull",
                "probes", "dialability", "ownStatement", "conflict", "processChecks", "lastClockOffset",
            ])
    }
}

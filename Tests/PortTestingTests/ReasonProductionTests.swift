import Kernel
import Links
import Liveness
import ModuleTesting
import PortTesting
import Profile
import Testing
import Transport
import Wire

@Suite("Reasons come from somewhere")
struct ReasonProductionTests {
    /// What no trial can bring about, and where it is seen instead.
    static let elsewhere: [(Reason, String)] = [
        (.unreachable, "an error of the system's: ReasonTests of the transport"),
        (.transportFailed, "an error of the system's that has no word of its own: ReasonTests of the transport"),
        (.tooManyMessages, "ping-pong's bound on pings that a peer may ask: PingPongTests"),
        (.identityInUse, "two processes with one key: tests of single-link"),
        (.wrongNetwork, "tests of single-link"), (.differentAgreement, "tests of single-link"),
        (.staleDial, "tests of single-link"), (.selfConnection, "SingleLinkHandshakeTests"),
        (.badSignature, "tests of single-link"),
        (.replaced, "a writer of split-registry gives way; no own test"),
        (.tooFast, "the door's pace: HostilePeerTests"), (.tlsTimeout, "HostilePeerTests"),
        (.certificateExpired, "CertificateTests"),
        (.banned, "StandingTests"), (.evicted, "StandingTests"), (.rateLimited, "SingleLinkAdmissionTests"),
        (.other, "a peer's word that this version does not know: FrameErrorTests of the wire"),
    ]

    @Test("every reason there is ends a link in some trial, or is known to come from elsewhere")
    func all() async throws {
        let tight = try Options.defaults(of: SingleLink.descriptor.spec.options)
            .setting("maximum_links", to: .integer(16)).setting("maximum_peers", to: .integer(32))
        let beats = try Options.defaults(of: SplitRegistry.descriptor.spec.options)
            .setting("beat_interval", to: .duration(.seconds(30)))
        let reports = [
            try LinksConformance(SingleLink.descriptor, options: tight).run(),
            try LinksConformance(SplitRegistry.descriptor, options: beats, exempt: LinksConformance.rules).run(),
            try LivenessConformance(PingPong.descriptor).run(),
            try LivenessConformance(Layered.descriptor).run(),
            try await TransportConformance(TCPTransport.descriptor).run(),
            try await TransportConformance(TLSTransport.descriptor).run(),
        ]
        let seen = reports.flatMap(\.reasons)
        let missing = Reason.allCases.filter { !seen.contains($0) }
        for reason in missing { #expect(Self.elsewhere.contains { $0.0 == reason }, "\(reason.rawValue)") }
    }
}

import Kernel
import Profile
import Testing
import Wire

@testable import Links

/// Each row of the table of precedence in `docs/admission.md`.
struct StandingTests {
    private func options(_ change: (Options) -> Options = { $0 }) throws -> AdmissionOptions {
        let defaults = try Options.defaults(of: AdmissionOptions.spec)
            .setting("maximum_inbound", to: .integer(10)).setting("reserved_inbound", to: .integer(4))
            .setting("per_address", to: .integer(2)).setting("per_network", to: .integer(3))
        return AdmissionOptions(change(defaults))
    }

    private let later = Instant(nanoseconds: 9)

    @Test(
        "a masternode and a trusted peer are let in whatever is said of their address",
        arguments: [Standing.masternode, .trusted]
    )
    func privileged(_ standing: Standing) throws {
        let options = try options()
        var applicant = Applicant(standing: standing)
        #expect(options.rule(applicant) == .admit)
        applicant.identityBan = later
        applicant.addressBan = later
        applicant.sameAddress = 100
        applicant.sameNetwork = 100
        #expect(options.rule(applicant) == .admit)
    }

    @Test(
        "a masternode or a trusted peer takes a stranger's place, and is let in where there is none",
        arguments: [Standing.masternode, .trusted]
    )
    func preemption(_ standing: Standing) throws {
        let options = try options()
        #expect(options.rule(Applicant(standing: standing, inbound: 9, strangers: 6)) == .admit)
        #expect(options.rule(Applicant(standing: standing, inbound: 10, strangers: 6)) == .makeRoom)
        #expect(options.rule(Applicant(standing: standing, inbound: 10, strangers: 0)) == .admit)
    }

    @Test("a ban of the identity or of the address stands before every limit")
    func bans() throws {
        let options = try options()
        let full = Applicant(standing: .stranger, sameAddress: 9, sameNetwork: 9, inbound: 10, strangers: 6)
        for path in [\Applicant.identityBan, \Applicant.addressBan] {
            var banned = full
            banned[keyPath: path] = later
            #expect(options.rule(banned) == .refuse(.banned))
        }
    }

    @Test("limits per address and per network stand before eviction: many of one site cannot push others out")
    func sites() throws {
        let options = try options()
        let crowd = Applicant(standing: .stranger, sameAddress: 2, sameNetwork: 2, inbound: 2, strangers: 2)
        #expect(options.rule(crowd) == .refuse(.tooManyLinks))
        var network = Applicant(standing: .stranger, sameAddress: 0, sameNetwork: 3, inbound: 6, strangers: 6)
        #expect(options.rule(network) == .refuse(.tooManyLinks))
        network.sameNetwork = 2
        network.inbound = 5
        network.strangers = 5
        #expect(options.rule(network) == .admit)
    }

    @Test("strangers have what is not reserved; beyond it the least of them gives way, or the newcomer is refused")
    func places() throws {
        let options = try options()
        #expect(options.rule(Applicant(standing: .stranger, inbound: 5, strangers: 5)) == .admit)
        #expect(options.rule(Applicant(standing: .stranger, inbound: 6, strangers: 6)) == .makeRoom)
        #expect(options.rule(Applicant(standing: .stranger, inbound: 10, strangers: 3)) == .makeRoom)
        #expect(options.rule(Applicant(standing: .stranger, inbound: 10, strangers: 0)) == .refuse(.tooManyLinks))
        let strict = try self.options { $0.setting("when_full", to: .string("refuse-newcomer")) }
        #expect(strict.rule(Applicant(standing: .stranger, inbound: 6, strangers: 6)) == .refuse(.tooManyLinks))
    }

    @Test("more places cannot be reserved than there are")
    func reserved() throws {
        let options = try Options.defaults(of: AdmissionOptions.spec)
            .setting("maximum_inbound", to: .integer(10)).setting("reserved_inbound", to: .integer(10))
        #expect(AdmissionOptions.spec.check?(options).count == 1)
    }
}

import Testing
import Wire

@testable import Kernel
@testable import Links

/// Who gets a place among the handshakes under way when there are too many.
struct SingleLinkCrowdTests {
    private func rig(_ rule: String = "evict-from-largest-group") throws -> Rig {
        let rig = Rig(
            try Fixture.singleLink {
                $0.setting("maximum_links", to: .integer(4)).setting("when_full", to: .string(rule))
            })
        rig.start()
        return rig
    }

    @Test("when full, the oldest handshake of the site that has the most gives way to another site")
    func newcomer() throws {
        let rig = try rig()
        let single = rig.accept(from: 1)
        let crowd = (0..<3).map { _ in rig.accept(from: 2) }
        let newcomer = rig.accept(from: 3)
        #expect(rig.endReason(of: newcomer) == nil)
        #expect(rig.endReason(of: crowd[0]) == .tooManyLinks)
        #expect(crowd[1...].allSatisfy { rig.endReason(of: $0) == nil } && rig.endReason(of: single) == nil)
        #expect(
            rig.sent(over: crowd[0]).contains {
                if case .helloAck(let ack) = $0 { ack.refusal == .tooManyLinks } else { false }
            })
    }

    @Test("the site that has the most is refused itself, and so is one that would only have as many in its place")
    func fairness() throws {
        let rig = try rig()
        let all = [1, 1, 2, 2].map { rig.accept(from: $0) }
        #expect(rig.endReason(of: rig.accept(from: 1)) == .tooManyLinks)
        let third = rig.accept(from: 3)
        #expect(rig.endReason(of: third) == nil && rig.endReason(of: all[0]) == .tooManyLinks)
        #expect(rig.endReason(of: rig.accept(from: 3)) == .tooManyLinks)
    }

    @Test("when_full: refuse-newcomer refuses whoever comes last")
    func refuseNewcomer() throws {
        let rig = try rig("refuse-newcomer")
        let crowd = (0..<4).map { _ in rig.accept(from: 2) }
        #expect(rig.endReason(of: rig.accept(from: 3)) == .tooManyLinks)
        #expect(crowd.allSatisfy { rig.endReason(of: $0) == nil })
    }

    @Test("a site is an IPv4 address, or 64 bits of an IPv6 one")
    func sites() throws {
        let address = { (text: String) in try #require(IPAddress(text)).site }
        #expect(try address("2001:db8::1") == address("2001:db8::2:1"))
        #expect(try address("2001:db8:0:1::1") != address("2001:db8::1"))
        #expect(try address("192.0.2.1") != address("192.0.2.2"))
    }
}

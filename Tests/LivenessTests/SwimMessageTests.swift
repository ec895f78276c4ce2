import Testing
import Wire

@testable import Liveness

/// What `swim` takes for its messages, and what it does not.
struct SwimMessageTests {
    private static let key = [UInt8](repeating: 2, count: 32)
    private static let identity = Identity(key: Bytes32(1, 2, 3, 4))

    private func code(_ kind: SwimMessage.Kind, _ body: [UInt8]) -> FrameError.Code? {
        let raw = RawEnvelope(channel: .liveness, scope: SwimMessage.scope.number, kind: kind.rawValue, body: body)
        do throws(MessageFault) {
            _ = try raw.withBody { reader throws(MessageFault) in _ = try SwimMessage.read(kind, from: &reader) }
            return nil
        } catch {
            return error.code
        }
    }

    private func claim(_ status: UInt8, _ subject: Int, _ source: Int) -> [UInt8] {
        let content =
            [8, status, 18, UInt8(subject)] + [UInt8](repeating: 2, count: subject) + [34, UInt8(source)]
            + [UInt8](repeating: 2, count: source)
        return [26, UInt8(content.count)] + content
    }

    private func swim(_ count: Int) -> SwimMessage {
        let claim = SwimClaim(status: .dead, subject: Self.identity, incarnation: .max, source: Self.identity)
        return SwimMessage(
            kind: .request, sequence: .max, subject: Self.identity, claims: [SwimClaim](repeating: claim, count: count))
    }

    @Test("a probe names nobody, a request somebody")
    func subject() {
        #expect(code(.probe, []) == nil)
        #expect(code(.probe, [18, 32] + Self.key) == .outOfRange)
        #expect(code(.request, []) == .outOfRange)
        #expect(code(.request, [18, 32] + Self.key) == nil)
        for count in [1, 31, 33, 64] {
            #expect(code(.request, [18, UInt8(count)] + [UInt8](repeating: 2, count: count)) == .outOfRange)
        }
    }

    @Test("a claim with a status that there is not, or without a subject or a source, is refused")
    func badClaims() {
        #expect(code(.probe, claim(3, 32, 32)) == nil)
        for status in [UInt8(0), 4, 127] { #expect(code(.probe, claim(status, 32, 32)) == .outOfRange) }
        for count in [0, 31, 33] {
            #expect(code(.probe, claim(1, count, 32)) == .outOfRange)
            #expect(code(.probe, claim(1, 32, count)) == .outOfRange)
        }
    }

    @Test("a key for which anybody can sign is refused, be it a subject or a source")
    func weakKeys() {
        let weak = [UInt8](repeating: 0, count: 32)
        #expect(code(.request, [18, 32] + weak) == .outOfRange)
        for (subject, source) in [(weak, Self.key), (Self.key, weak)] {
            #expect(code(.probe, [26, 70, 8, 1, 18, 32] + subject + [34, 32] + source) == .outOfRange)
        }
        #expect(code(.probe, [26, 70, 8, 1, 18, 32] + Self.key + [34, 32] + Self.key) == nil)
    }

    @Test("eight claims pass, one more does not, and empty ones are refused at the first")
    func claimCount() throws {
        #expect(Message(swim(8)).isEncodable)
        #expect(!Message(swim(9)).isEncodable)
        guard case .module(let most) = Message(swim(8)), case .module(let more) = Message(swim(9)) else { return }
        #expect(code(.request, most.body) == nil)
        #expect(code(.request, more.body) == .outOfRange)
        #expect(code(.probe, (0..<400).map { $0 % 2 == 0 ? 26 : 0 }) == .outOfRange)
    }

    @Test("the largest message is within the limit of its kind")
    func limit() {
        guard case .module(let most) = Message(swim(8)) else { return }
        #expect(most.bodySize <= SwimMessage.Kind.request.traits.limit)
        #expect(Message(swim(8)).encodedSize - Frame.headerBytes <= Channel.liveness.limit)
    }
}

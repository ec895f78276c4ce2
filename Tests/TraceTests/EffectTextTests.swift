import Foundation
import Kernel
import Testing
import Wire

@testable import Trace

@Suite("Effects in a trace") struct EffectTextTests {
    private static let link = LinkID(number: 1)
    private static let token = Token(number: 1)
    private static let space = StoreSpace(StoreSpace.Name(role: "consensus", module: "a"), format: 1)

    private static func persist(
        _ changes: [StoreBatch.Change], token: UInt64 = 1, in space: StoreSpace = space
    ) -> Effect {
        .persist(space, StoreBatch(changes), WriteToken(number: token))
    }

    private static func check(_ change: UInt8) -> SignatureCheck {
        SignatureCheck(bytes: [1, change], signature: Samples.signature, identity: Samples.identity)
    }

    private static func keepalive(_ probes: Int?, idle: Int64 = 10) -> SocketOptions {
        SocketOptions(keepalive: .init(idle: .seconds(idle), interval: .seconds(5), probes: probes))
    }

    /// Values that differ from one another in one field, or in kind.
    static let effects: [Effect] =
        [
            .open(link, Samples.four, expected: nil, timeout: .seconds(1)),
            .open(link, Samples.six, expected: nil, timeout: .seconds(1)),
            .open(link, Samples.four, expected: Samples.identity, timeout: .seconds(1)),
            .open(link, Samples.four, expected: nil, timeout: .nanoseconds(1_000_000_001)),
            .shutdownWrite(link), .shutdownWrite(LinkID(number: 2)), .stopReading(link), .close(link, .duplicate),
            .close(link, .shutdown), .socketOptions(link, SocketOptions()),
            .socketOptions(link, SocketOptions(userTimeout: .seconds(20))),
            .socketOptions(link, SocketOptions(writeDeadline: .seconds(20))),
            .socketOptions(link, SocketOptions(hostSilence: .seconds(20))), .socketOptions(link, keepalive(nil)),
            .socketOptions(link, keepalive(3)), .socketOptions(link, keepalive(3, idle: 11)),
            .answer(RequestID(number: 1), .accepted(id: Samples.hash.bytes)),
            .answer(RequestID(number: 2), .accepted(id: Samples.hash.bytes)),
            .answer(RequestID(number: 1), .refused(SubmissionRefusal(.full, Samples.hostile))),
            .answer(RequestID(number: 1), .refused(SubmissionRefusal(.invalid, Samples.hostile))),
            persist([]), persist([], token: 2), persist([], in: StoreSpace(space.name, format: 2)),
            persist([], in: StoreSpace(StoreSpace.Name(role: "consensus", module: "b"), format: 1)),
            persist(Samples.rows.map { .put($0.key, $0.value) }),
            persist(Samples.rows.reversed().map { .put($0.key, $0.value) }), persist([.delete([1])]),
            persist([.delete([2])]), persist([.deleteRange(.all)]), persist([.deleteRange(StoreRange(from: [1]))]),
            persist([.deleteRange(StoreRange(from: [1], to: [2]))]), .read(space, .get([1]), token),
            .read(space, .get([2]), token), .read(space, .range(.all), token),
            .read(space, .range(StoreRange(from: [1])), token),
            .read(space, .range(StoreRange(from: [1], to: [2])), token), .read(space, .range(.all, rows: 3), token),
            .read(space, .range(.all, bytes: 3), token), .read(space, .range(.all, reversed: true), token),
            .verify([], token), .verify([check(1)], token),
            .verify([check(2)], token), .verify([check(1), check(2)], token), .resolve("a.example", token),
            .resolve(Samples.hostile, token), .resolve("a.example", Token(number: 2)),
        ] + Samples.messages.map { .send(link, $0) } + events.map { .observe($0) }

    private static func wish(_ identity: Identity?) -> Wish {
        Wish(identity: identity, endpoint: Samples.four, isMasternode: identity != nil)
    }

    private static let agreement: [Event] = [
        .agreementDiffers(link, nil, Samples.four, value: "genesis"),
        .agreementDiffers(link, Samples.identity, Samples.four, value: "genesis"),
        .agreementDiffers(link, nil, Samples.four, value: Samples.hostile),
        .twoProcesses(Samples.identity, kept: Samples.four, refused: Samples.six),
        .twoProcesses(Samples.identity, kept: Samples.six, refused: Samples.four),
        .identityConflict(nil), .identityConflict(IdentityConflict(isYounger: true, endpoint: nil)),
        .identityConflict(IdentityConflict(isYounger: false, endpoint: nil)),
        .identityConflict(
            IdentityConflict(
                isYounger: true, endpoint: Samples.six, incarnation: .max, startedAt: WallTime(milliseconds: .min))),
        .clockOffset(ClockOffset(offset: .seconds(-20), peers: 3), isWrong: true),
        .clockOffset(ClockOffset(offset: .seconds(-20), peers: 3), isWrong: false),
        .clockOffset(ClockOffset(offset: .seconds(20), peers: 4), isWrong: true),
    ]

    static let events: [Event] =
        [
            .dialStarted(link, Samples.four, nil), .dialStarted(link, Samples.four, Samples.identity),
            .dialFailed(link, Samples.four, .reset), .dialLeftToPeer(Samples.four, own: Samples.six),
            .dialLeftToPeer(Samples.six, own: Samples.four), .handshakeBegun(link),
            .linkUp(link, Samples.identity, Samples.four, .accepted),
            .linkUp(link, Samples.identity, Samples.four, .dialled),
            .refused(link, nil, Samples.four, .glare), .refused(link, Samples.identity, Samples.four, .glare),
            .takeover(old: link, new: LinkID(number: 2), Samples.identity),
            .takeover(old: LinkID(number: 2), new: link, Samples.identity),
            .probed(Samples.identity, Dialability(endpoint: Samples.four, reason: nil)),
            .probed(Samples.identity, Dialability(endpoint: Samples.four, reason: .reset)),
            .dialability(Dialability(endpoint: Samples.four, reason: .reset), peers: 2),
            .dialability(Dialability(endpoint: Samples.four, reason: .reset), peers: 3),
            .peerCheck(connected: 1, masternodes: 2, slots: 3), .peerCheck(connected: 1, masternodes: 2, slots: 4),
            .wanted([], by: "discovery a", .start), .wanted([], by: "discovery b", .start),
            .wanted([], by: "discovery a", .periodic), .wanted([wish(nil)], by: "discovery a", .periodic),
            .wanted([wish(Samples.identity)], by: "discovery a", .periodic),
            .wanted([wish(nil), wish(Samples.identity)], by: "discovery a", .periodic),
            .wanted([wish(Samples.identity), wish(nil)], by: "discovery a", .periodic),
            .requestSent(id: 1), .requestAnswered(id: 1, after: .seconds(1)),
            .requestAnswered(id: 1, after: .seconds(2)), .blockProduced(height: 1, hash: Samples.hash, slot: 1),
            .blockAccepted(height: 1, hash: Samples.hash, slot: 1),
            .blockAccepted(height: 1, hash: Samples.hash, slot: 2),
            .ownSlotSkipped(slot: 1, .catchingUp), .ownSlotSkipped(slot: 1, .notStarted), .storeResumed,
            .storeHalted(StoreFailure(code: .full, message: "a")),
            .storeHalted(StoreFailure(code: .full, message: "b")),
            .storeHalted(StoreFailure(code: .failed, message: "b")),
            .reorganised(depth: 1, height: 2, hash: Samples.hash), .blockRejected(nil, .tooDeep),
            .blockRejected(Samples.identity, .tooDeep), .equivocated(Samples.identity, slot: 1),
            .equivocated(Samples.identity, slot: 2), .messageDropped(nil, .links, .notUp),
            .addressRefused(LinkID(number: 1), Samples.identity, .noRoom),
            .addressRefused(LinkID(number: 1), Samples.identity, .busy),
            .fieldsIgnored(link, .consensus), .messageDropped(link, .links, .notUp),
            .messageDropped(link, .links, .noRoute),
            .messageDropped(link, .application, .notUp), .note(.info, Samples.hostile), .note(.error, Samples.hostile),
        ]
        + agreement
        + [LinkEnder.us, .peer, .transport].flatMap { ender in
            [true, false].map {
                .linkEnded(
                    link, nil, Samples.four, .silent, ender, wasUp: $0, direction: $0 ? .dialled : .accepted
                )
            }
        }

    @Test("effects that differ in one field differ in their line, and each line is JSON and says what it is")
    func distinct() throws {
        let lines = Self.effects.map { TraceRecord(time: 1, host: "a", content: .effect($0)).jsonLine }
        #expect(Set(lines).count == Self.effects.count)
        for line in lines {
            let json = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            let kind = try #require(json?["out"] as? String)
            #expect(LineWriter.effectKinds.contains(kind))
            let entry = try TraceReader.entry(TraceReader.Line(number: 2, bytes: Array(line.utf8)))
            guard case .effect = entry.content else {
                Issue.record("\(line) is no effect")
                continue
            }
        }
    }

    @Test("a line's words are the field's own")
    func wording() {
        func line(_ effect: Effect) -> String {
            TraceRecord(time: 1_500_000_000, host: "a", content: .effect(effect)).jsonLine
        }
        #expect(
            line(.close(Self.link, .pingTimeout))
                == #"{"t":1.500000000,"node":"a","out":"close","link":1,"reason":"ping-timeout"}"#)
        #expect(
            line(.send(Self.link, .ping(nonce: 255)))
                == #"{"t":1.500000000,"node":"a","out":"send","link":1,"#
                + #""message":{"kind":"ping","nonce":"00000000000000ff"}}"#)
        #expect(
            line(.observe(.peerCheck(connected: 1, masternodes: 2, slots: 3)))
                == #"{"t":1.500000000,"node":"a","out":"observe","#
                + #""event":{"kind":"peer-check","connected":1,"masternodes":2,"slots":3}}"#)
    }
}

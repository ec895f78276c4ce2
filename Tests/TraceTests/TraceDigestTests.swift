import Kernel
import Profile
import Testing
import Wire

@testable import Trace

@Suite("The digest of a run") struct TraceDigestTests {
    private static func digest(_ change: (inout TraceDigest) -> Void) -> String {
        var digest = TraceDigest()
        change(&digest)
        return digest.text
    }

    private static func digest(
        _ input: Input, at time: Int64 = 1, wall: Int64 = 2, node: Int = 3
    ) -> String {
        digest { $0.add(input, at: time, wall: WallTime(milliseconds: wall), node: node) }
    }

    @Test("effects that differ in one field, and events and messages in them, have different digests")
    func effects() {
        let digests = EffectTextTests.effects.map { effect in Self.digest { $0.add(effect) } }
        #expect(Set(digests).count == digests.count)
    }

    @Test("inputs that differ in one field have different digests, and so do two moments, clocks and nodes")
    func inputs() {
        let digests =
            Samples.inputs.map { Self.digest($0) } + [
                Self.digest(.wake, at: 2), Self.digest(.wake, wall: 3), Self.digest(.wake, node: 4),
                Self.digest(.progress(LinkID(number: 6))), Self.digest(.workAhead(upTo: .nanoseconds(1))),
                Self.digest(.verified(Token(number: 3), .checked(SignatureVerdicts(repeating: true, count: 63)))),
                Self.digest(.persistFailed(WriteToken(number: 1), StoreFailure(code: .full, message: "a"))),
                Self.digest(.persistFailed(WriteToken(number: 1), StoreFailure(code: .full, message: "b"))),
                Self.digest(.persistFailed(WriteToken(number: 1), StoreFailure(code: .failed, message: "b"))),
                Self.digest(.readFailed(Token(number: 1), StoreFailure(code: .failed, message: "b"))),
                Self.digest(.rows(Token(number: 2), StoreAnswer(Samples.rows))),
                Self.digest(.rows(Token(number: 2), StoreAnswer(hasMore: true))),
                Self.digest(.accepted(LinkID(number: 2), identity: Identity(key: Bytes32(.max, 0, 1, 0)))),
                Self.digest(.resolved(Token(number: 4), .addresses([Samples.six.ip, Samples.four.ip]))),
                Self.digest(.resolved(Token(number: 4), .addresses([Samples.four.ip]))),
            ]
        #expect(Set(digests).count == digests.count)
    }

    private static let space = StoreSpace(StoreSpace.Name(role: "consensus", module: "a"), format: 1)

    private static func persist(_ changes: [StoreBatch.Change]) -> Effect {
        .persist(space, StoreBatch(changes), WriteToken(number: 1))
    }

    /// Flips each bit of `bytes`, one at a time.
    private static func flips(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.indices.flatMap { place in
            (0..<8).map { bit in
                var changed = bytes
                changed[place] ^= 1 << bit
                return changed
            }
        }
    }

    @Test("every bit of what is written, read, signed or said counts", arguments: [1, 7, 8, 9, 16, 17, 31])
    func bits(count: Int) {
        let bytes = (0..<count).map { UInt8(7 * $0 + 1) }
        let all = [bytes, bytes + [0], bytes.dropLast()] + Self.flips(bytes)
        for digests in [
            all.map { value in
                Self.digest(.rows(Token(number: 1), StoreAnswer([StoreRow(key: [1], value: value)])))
            },
            all.map { value in
                Self.digest(.rows(Token(number: 1), StoreAnswer([StoreRow(key: StoreKey(value), value: [1])])))
            },
            all.map { value in Self.digest { $0.add(Self.persist([.put([1], value)])) } },
            all.map { value in Self.digest { $0.add(Self.persist([.put(StoreKey(value), [1])])) } },
            all.map { value in Self.digest { $0.add(Self.persist([.delete(StoreKey(value))])) } },
            all.map { value in
                Self.digest { $0.add(Self.persist([.deleteRange(StoreRange(from: [], to: StoreKey(value)))])) }
            },
            all.map { value in
                Self.digest { $0.add(.read(Self.space, .get(StoreKey(value)), Token(number: 1))) }
            },
            all.map { value in
                Self.digest {
                    let check = SignatureCheck(bytes: value, signature: .none, identity: Samples.identity)
                    $0.add(.verify([check], Token(number: 1)))
                }
            },
            all.map { value in
                let envelope = RawEnvelope(channel: .consensus, scope: 1, kind: 1, body: value)
                return Self.digest(.received(LinkID(number: 1), .module(envelope)))
            },
        ] {
            #expect(Set(digests).count == digests.count)
        }
    }

    @Test("every word of an identity, a hash and a signature counts")
    func words() {
        var digests: [String] = []
        for place in 0..<4 {
            for bit in [0, 31, 32, 63] {
                var words: [UInt64] = [1, 2, 3, 4]
                words[place] ^= 1 << UInt64(bit)
                let value = Bytes32(words[0], words[1], words[2], words[3])
                digests += [
                    Self.digest(.accepted(LinkID(number: 1), identity: Identity(key: value))),
                    Self.digest(
                        .received(LinkID(number: 1), .proof(Proof(signature: Signature(upper: value, lower: .zero))))),
                    Self.digest(
                        .received(LinkID(number: 1), .proof(Proof(signature: Signature(upper: .zero, lower: value))))),
                ]
            }
        }
        #expect(Set(digests).count == digests.count)
    }

    @Test("what a process is made from, and where a connection came from, count")
    func made() {
        func process(_ change: (inout (UInt64, UInt64, Int, Identity, Endpoint, Duration, String, NetworkView)) -> Void)
            -> String
        {
            var parts: (UInt64, UInt64, Int, Identity, Endpoint, Duration, String, NetworkView) = (
                1, 2, 3, Samples.identity, Samples.four, .seconds(1), "ab", Lines.header().networks[0]
            )
            change(&parts)
            return Self.digest {
                $0.add(
                    process: parts.0, seed: parts.1, of: parts.2, identity: parts.3, endpoint: parts.4,
                    connectTimeout: parts.5, profile: parts.6, network: parts.7
                )
            }
        }
        let digests =
            [
                process { _ in }, process { $0.0 = 2 }, process { $0.1 = 3 }, process { $0.2 = 4 },
                process { $0.3 = Identity(key: .zero) }, process { $0.4 = Samples.six }, process { $0.5 = .seconds(2) },
                process { $0.6 = "ac" }, process { $0.7.name += "x" },
                process { $0.7.genesis = WallTime(milliseconds: 1) }, process { $0.7.slotInterval = .seconds(1) },
                process { $0.7.minimumMasternodes = 2 }, process { $0.7.bootstrap = [] },
                process { $0.7.bootstrapNames = [] }, process { $0.7.quorum = Quorum("3/4") ?? .twoThirds },
            ]
            + [
                (1, Samples.four, 1, 1), (2, Samples.four, 1, 1), (1, Samples.six, 1, 1), (1, Samples.four, 2, 1),
                (1, Samples.four, 1, 2),
            ].map { link, remote, time, node in
                Self.digest {
                    $0.add(admitted: LinkID(number: UInt64(link)), from: remote, at: Int64(time), node: node)
                }
            }
        #expect(Set(digests).count == digests.count)
    }

    @Test("a value that moves to its neighbour's place is another value")
    func places() {
        let rows = { (values: [[UInt8]]) in
            Self.digest(.rows(Token(number: 1), StoreAnswer(values.map { StoreRow(key: [1], value: $0) })))
        }
        let digests = [
            rows([[1], []]), rows([[], [1]]), rows([[1]]), rows([[0, 1]]),
            Self.digest { $0.add(Self.persist([.put([1], []), .delete([1])])) },
            Self.digest { $0.add(Self.persist([.delete([1]), .put([1], [])])) },
            Self.digest { $0.add(Self.persist([.put([1, 2], [])])) },
            Self.digest { $0.add(Self.persist([.put([1], [2])])) },
            Self.digest { $0.add(.observe(.note(.info, ""))) }, Self.digest { $0.add(.observe(.note(.info, "\0"))) },
        ]
        #expect(Set(digests).count == digests.count)
    }
}

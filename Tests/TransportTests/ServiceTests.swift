import Crypto
import NIOCore
import Testing
import Wire

@testable import Kernel
@testable import Transport

@Suite struct ServiceTests {
    @Test("a timer fires")
    func timer() async throws {
        try await withNodes(.init(script: Script(timer: .milliseconds(5)))) { nodes in
            _ = try await nodes[0].journal.first { if case .fired = $0 { true } else { nil } }
        }
    }

    @Test("a read behind two writes sees both")
    func store() async throws {
        try await withNodes(.init()) { nodes in
            await nodes[0].act(as: NodeMachine.Slot.consensus) { context in
                for row in UInt64(1)...2 {
                    var batch = StoreBatch()
                    batch.puts = [StoreBatch.Row(key: StoreKey(table: 1, row: row), value: [UInt8(row)])]
                    _ = context.persist(batch)
                }
                _ = context.read(.descending(table: 1, limit: 10))
            }
            let rows = try await nodes[0].journal.first { if case .rows(let rows) = $0 { rows } else { nil } }
            #expect(rows.map(\.value) == [[2], [1]])
            let persisted = nodes[0].journal.entries.count { if case .persisted = $0 { true } else { false } }
            #expect(persisted == 2)
        }
    }

    @Test("what the store refuses is told, with the store's words")
    func storeFailure() async throws {
        try await withNodes(.init()) { nodes in
            await nodes[0].act(as: NodeMachine.Slot.consensus) { context in
                var batch = StoreBatch()
                batch.puts = [StoreBatch.Row(key: StoreKey(table: 9, row: 1), value: [])]
                _ = context.persist(batch)
            }
            let note = try await nodes[0].journal.event { if case .note(.error, let text) = $0 { text } else { nil } }
            #expect(note.contains("Refused"))
        }
    }

    @Test("a message that waits for a write leaves when it is durable")
    func sendAfterWrite() async throws {
        try await withNodes(.init(), .init()) { nodes in
            let (link, _) = try await connect(nodes[0], nodes[1])
            await nodes[0].act(as: NodeMachine.Slot.consensus) { context in
                let token = context.persist(StoreBatch())
                context.send(.ping(nonce: 2), over: link, after: token)
            }
            #expect(try await nodes[1].journal.messages(1) == [.ping(nonce: 2)])
        }
    }

    @Test("one bit tells of each signature whether it holds")
    func verify() async throws {
        let signer = Ed25519Signer(Curve25519.Signing.PrivateKey())
        let other = Ed25519Signer(Curve25519.Signing.PrivateKey())
        let good = SignatureCheck(bytes: [1, 2], signature: signer.sign([1, 2]), identity: signer.identity)
        let checks = [
            good,
            SignatureCheck(bytes: [1, 3], signature: good.signature, identity: signer.identity),
            SignatureCheck(bytes: [1, 2], signature: good.signature, identity: other.identity),
            SignatureCheck(bytes: [1, 2], signature: .none, identity: signer.identity),
            good,
        ]
        try await withNodes(.init()) { nodes in
            await nodes[0].act(as: NodeMachine.Slot.consensus) { context in _ = context.verify(checks) }
            let mask = try await nodes[0].journal.first { if case .verified(let mask) = $0 { mask } else { nil } }
            #expect(mask == 0b10001)
        }
    }
}

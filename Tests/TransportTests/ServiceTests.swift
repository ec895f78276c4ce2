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

    @Test("a message that waits for a write leaves when it is durable")
    func sendAfterWrite() async throws {
        try await withNodes(.init(), .init()) { nodes in
            let (link, _) = try await connect(nodes[0], nodes[1])
            await nodes[0].act(as: NodeMachine.Slot.consensus) { context in
                let token = context.persist(StoreBatch(), format: 1)
                context.send(.ping(nonce: 2), over: link, after: token)
            }
            #expect(try await nodes[1].journal.messages(1) == [.ping(nonce: 2)])
        }
    }

    @Test("each signature of a batch has its own verdict, however many there are", arguments: [5, 300])
    func verify(count: Int) async throws {
        let signer = Ed25519Signer(Curve25519.Signing.PrivateKey())
        let other = Ed25519Signer(Curve25519.Signing.PrivateKey())
        let good = SignatureCheck(bytes: [1, 2], signature: signer.sign([1, 2]), identity: signer.identity)
        let bad = [
            SignatureCheck(bytes: [1, 3], signature: good.signature, identity: signer.identity),
            SignatureCheck(bytes: [1, 2], signature: good.signature, identity: other.identity),
            SignatureCheck(bytes: [1, 2], signature: .none, identity: signer.identity),
        ]
        let checks = (0..<count).map { $0 % 4 == 0 ? good : bad[$0 % 4 - 1] }
        try await withNodes(.init()) { nodes in
            await nodes[0].act(as: NodeMachine.Slot.consensus) { context in _ = context.verify(checks) }
            let result = try await nodes[0].journal.first { if case .verified(let result) = $0 { result } else { nil } }
            #expect(result == .checked(SignatureVerdicts((0..<count).map { $0 % 4 == 0 })))
        }
    }
}

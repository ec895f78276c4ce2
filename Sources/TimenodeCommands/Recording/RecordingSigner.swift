import Kernel
import Synchronization
import Trace
import Wire

/// A signer that remembers what it signed until somebody takes it. The key stays where it is.
final class RecordingSigner: Signer {
    private let signer: any Signer
    private let made = Mutex<[SignedBytes]>([])

    init(_ signer: any Signer) {
        self.signer = signer
    }

    var identity: Identity { signer.identity }

    func sign(_ bytes: [UInt8]) -> Signature {
        let signature = signer.sign(bytes)
        made.withLock { $0.append(SignedBytes(digest: sha256Hex(bytes), signature: signature)) }
        return signature
    }

    /// What was signed since the last call.
    func take() -> [SignedBytes] {
        made.withLock { made in
            defer { made = [] }
            return made
        }
    }
}

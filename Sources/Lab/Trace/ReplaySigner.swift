import Kernel
import Trace
import Wire

/// Hands back what a real node's key signed, and sees to it that the replayed node signs the same.
///
/// Confined to the one thread that replays, like the node that it signs for.
final class ReplaySigner: Signer, @unchecked Sendable {
    let identity: Identity
    private var recorded: ArraySlice<SignedBytes> = []
    /// How the node's signing differs from what was recorded; nil while it does not.
    private(set) var problem: String?

    init(identity: Identity) {
        self.identity = identity
    }

    /// Takes what the node signed while it took the next input.
    func expect(_ signed: [SignedBytes]) { recorded = signed[...] }

    /// What is left after the input was taken was not signed again.
    func finish() {
        if let left = recorded.first {
            problem = problem ?? "the recorded node signed something with the digest \(left.digest), this one did not"
        }
        recorded = []
    }

    func sign(_ bytes: [UInt8]) -> Signature {
        let digest = sha256Hex(bytes)
        guard let next = recorded.popFirst() else {
            problem = problem ?? "this node signs something with the digest \(digest), the recorded one did not"
            return .none
        }
        if next.digest != digest {
            problem = problem ?? "this node signs something with the digest \(digest), the recorded one \(next.digest)"
        }
        return next.signature
    }
}

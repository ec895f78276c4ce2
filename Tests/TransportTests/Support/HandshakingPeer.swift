import Crypto
import Kernel
import NIOCore
import Profile
import Wire

@testable import Links
@testable import Transport

/// A raw peer that knows how a signed handshake goes, and can do parts of it wrong.
struct HandshakingPeer: Sendable {
    let peer: RawPeer
    let key: Curve25519.Signing.PrivateKey
    private let hello: Hello

    var identity: Identity { Ed25519Signer(key).identity }

    static func connect(
        to node: TestNode, key: Curve25519.Signing.PrivateKey = Curve25519.Signing.PrivateKey(),
        from source: String? = nil, security: TransportPort.Security = .plain, saying hello: Hello? = nil
    ) async throws -> HandshakingPeer {
        var tls: (@Sendable () throws -> any ChannelHandler)?
        if security == .tls { tls = { try TLSPeer.client(try NodeCertificate.fresh(for: key)) } }
        let peer = try await RawPeer.connect(to: node.endpoint, from: source, tls: tls)
        return HandshakingPeer(peer: peer, key: key, hello: hello ?? greeting(key))
    }

    static func greeting(_ key: Curve25519.Signing.PrivateKey) -> Hello {
        Hello(
            version: Hello.currentVersion, network: "test", identity: Ed25519Signer(key).identity, incarnation: 5,
            dialSequence: 1, endedSequence: 0, listen: Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: 1), nonce: 9
        )
    }

    /// Says hello and returns the answer.
    func greet() async throws -> HelloAck {
        try await peer.send([.hello(hello)])
        guard case .helloAck(let ack) = try await peer.messages(1)[0] else { throw Journal.Late() }
        return ack
    }

    /// The proof that belongs to an answer.
    func proof(for ack: HelloAck) -> Proof {
        let transcript = Transcript.closing(Transcript.opening(hello), ack)
        return Proof(signature: Ed25519Signer(key).sign(Transcript.signed(transcript, provenAt: 0)))
    }

    /// The whole of it; ends when the node has said that it is done.
    func shakeHands() async throws {
        try await peer.send([.proof(proof(for: try await greet()))])
        guard case .ready = try await peer.messages(2)[1] else { throw Journal.Late() }
    }
}

/// The links policy of a node of ours, with some options changed.
func singleLink(_ change: @escaping @Sendable (Options) -> Options = { $0 }) -> @Sendable () throws -> any LinksPolicy {
    { SingleLink(options: try SingleLinkOptions(change(try Options.defaults(of: SingleLinkOptions.spec)))) }
}

import Crypto
import NIOCore
import NIOSSL
import Wire

/// TLS as nodes speak it: version 1.3 only, both ends with a certificate, no authorities. Whose key it is gets decided
/// after the handshake, from `NIOSSLHandler.peerCertificate`: a resumed session never asks the verification callback.
struct TLSSecurity {
    /// What both ends must agree on; the number is the wire version's.
    static let applicationProtocol = "timenode/1"

    private let client: NIOSSLContext
    private let server: NIOSSLContext

    init(key: Curve25519.Signing.PrivateKey) throws {
        let own = try NodeCertificate.make(for: key)
        let chain: [NIOSSLCertificateSource] = [.certificate(own.certificate)]
        var client = TLSConfiguration.makeClientConfiguration()
        client.certificateChain = chain
        client.privateKey = .privateKey(own.key)
        let server = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(own.key)
        )
        self.client = try NIOSSLContext(configuration: Self.restricted(client))
        self.server = try NIOSSLContext(configuration: Self.restricted(server))
    }

    private static func restricted(_ configuration: TLSConfiguration) -> TLSConfiguration {
        var configuration = configuration
        configuration.minimumTLSVersion = .tlsv13
        // Anything but `.none` makes the server ask for a certificate; the callback below judges it.
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        // BoringSSL does not offer Ed25519 unless told to.
        configuration.verifySignatureAlgorithms = [.ed25519]
        configuration.signingSignatureAlgorithms = [.ed25519]
        configuration.applicationProtocols = [applicationProtocol]
        return configuration
    }

    func makeClientHandler() throws -> NIOSSLHandler {
        try NIOSSLClientHandler(context: client, serverHostname: nil, customVerificationCallback: Self.judge)
    }

    func makeServerHandler() -> NIOSSLHandler {
        NIOSSLServerHandler(context: server, customVerificationCallback: Self.judge)
    }

    /// One certificate with an Ed25519 key will do; the handshake itself proves that the peer holds the key.
    @Sendable
    private static func judge(
        _ chain: [NIOSSLCertificate], _ verdict: EventLoopPromise<NIOSSLVerificationResult>
    ) {
        verdict.succeed(chain.count == 1 && chain[0].identity != nil ? .certificateVerified : .failed)
    }
}

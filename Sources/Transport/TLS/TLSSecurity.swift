import Crypto
import Kernel
import NIOCore
import NIOSSL
import Wire

/// TLS as nodes speak it: version 1.3 only, both ends with a certificate, no authorities. Whose key it is gets decided
/// after the handshake, from `NIOSSLHandler.peerCertificate`: a resumed session never asks the verification callback.
struct TLSSecurity {
    /// What both ends must agree on (ALPN, RFC 7301); the number is the wire version's.
    static let applicationProtocol = "timenode/\(Hello.currentVersion)"

    private let key: Curve25519.Signing.PrivateKey
    private let validity: Duration
    private var client: NIOSSLContext
    private var server: NIOSSLContext
    /// The certificate that new handshakes show.
    private(set) var certificate: NIOSSLCertificate
    /// When the next one is due: a third of the time before this one ends, for peers whose clock is ahead.
    var renewal: WallTime

    /// With a certificate that is valid from now on for `validity`.
    init(key: Curve25519.Signing.PrivateKey, validity: Duration, now: WallTime) throws {
        let own = try NodeCertificate.make(for: key, now: now, validity: validity)
        self.key = key
        self.validity = validity
        (client, server) = try Self.contexts(own)
        certificate = own.certificate
        renewal = Self.renewal(validity, now)
    }

    /// Makes another certificate of the same key. Links that are up, and handshakes under way, keep the one they have;
    /// sessions of the old one cannot be resumed.
    mutating func renew(now: WallTime) throws {
        let own = try NodeCertificate.make(for: key, now: now, validity: validity)
        (client, server) = try Self.contexts(own)
        certificate = own.certificate
        renewal = Self.renewal(validity, now)
    }

    private static func renewal(_ validity: Duration, _ now: WallTime) -> WallTime {
        WallTime(milliseconds: now.milliseconds + validity.nanoseconds / 3 * 2 / 1_000_000)
    }

    private static func contexts(
        _ own: (certificate: NIOSSLCertificate, key: NIOSSLPrivateKey)
    ) throws -> (client: NIOSSLContext, server: NIOSSLContext) {
        let chain: [NIOSSLCertificateSource] = [.certificate(own.certificate)]
        var client = TLSConfiguration.makeClientConfiguration()
        client.certificateChain = chain
        client.privateKey = .privateKey(own.key)
        let server = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain, privateKey: .privateKey(own.key)
        )
        return (
            try NIOSSLContext(configuration: restricted(client)), try NIOSSLContext(configuration: restricted(server))
        )
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

    /// One certificate with an Ed25519 key will do; the handshake itself proves that the peer holds the key. Its dates
    /// are judged later, where the peer can be told what is wrong.
    @Sendable
    private static func judge(
        _ chain: [NIOSSLCertificate], _ verdict: EventLoopPromise<NIOSSLVerificationResult>
    ) {
        verdict.succeed(chain.count == 1 && chain[0].identity != nil ? .certificateVerified : .failed)
    }

    /// Judges a handshake that is done.
    ///
    /// - Parameter expected: whom a dial was meant for.
    static func verdict(
        _ certificate: NIOSSLCertificate?, speaking negotiated: String?, expected: Identity?, now: WallTime
    ) -> Result<Identity, TLSRefusal> {
        // Where the two have no protocol in common, ALPN goes without one.
        guard negotiated == applicationProtocol else { return .failure(TLSRefusal(reason: .protocolVersion)) }
        guard let certificate, let identity = certificate.identity else {
            return .failure(TLSRefusal(reason: .tlsFailed))
        }
        if let expected, expected != identity { return .failure(TLSRefusal(reason: .wrongIdentity)) }
        // Not yet valid is none of our business: whoever holds the key writes the dates, and the other clock may be ahead.
        guard now.milliseconds / 1000 <= Int64(certificate.notValidAfter) else {
            return .failure(TLSRefusal(reason: .certificateExpired))
        }
        return .success(identity)
    }
}

/// Why the driver ends a connection whose TLS handshake was done.
struct TLSRefusal: Error {
    let reason: Reason
}

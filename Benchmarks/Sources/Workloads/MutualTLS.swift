import Crypto
import Foundation
import NIOCore
import NIOSSL
import SwiftASN1
import Wire
import X509

/// TLS as nodes speak it, without a node: version 1.3, an Ed25519 certificate at both ends, no authorities.
struct MutualTLS: Sendable {
    private let serverContext: NIOSSLContext
    private let clientContext: NIOSSLContext

    /// - Parameter protocols: what both ends must agree on; a node insists on its own.
    init(key: Curve25519.Signing.PrivateKey, protocols: [String] = ["timenode/\(Hello.currentVersion)"]) throws {
        let signing = Certificate.PrivateKey(key)
        let name = try DistinguishedName { CommonName("benchmark") }
        let now = Date()
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: signing.publicKey,
            notValidBefore: now - 3600, notValidAfter: now + 86_400, issuer: name, subject: name,
            signatureAlgorithm: .ed25519, extensions: Certificate.Extensions(), issuerPrivateKey: signing
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        let chain = [
            NIOSSLCertificateSource.certificate(try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der))
        ]
        let pem = Array(try signing.serializeAsPEM().pemString.utf8)
        let secret = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(bytes: pem, format: .pem))
        var client = TLSConfiguration.makeClientConfiguration()
        client.certificateChain = chain
        client.privateKey = secret
        let server = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: secret)
        serverContext = try NIOSSLContext(configuration: Self.restricted(server, protocols))
        clientContext = try NIOSSLContext(configuration: Self.restricted(client, protocols))
    }

    private static func restricted(_ configuration: TLSConfiguration, _ protocols: [String]) -> TLSConfiguration {
        var configuration = configuration
        configuration.minimumTLSVersion = .tlsv13
        configuration.certificateVerification = .noHostnameVerification
        configuration.trustRoots = .certificates([])
        configuration.verifySignatureAlgorithms = [.ed25519]
        configuration.signingSignatureAlgorithms = [.ed25519]
        configuration.applicationProtocols = protocols
        return configuration
    }

    func server() -> NIOSSLServerHandler {
        NIOSSLServerHandler(context: serverContext) { _, verdict in verdict.succeed(.certificateVerified) }
    }

    func client() throws -> NIOSSLClientHandler {
        try NIOSSLClientHandler(context: clientContext, serverHostname: nil) { _, verdict in
            verdict.succeed(.certificateVerified)
        }
    }
}

import Crypto
import NIOSSL
import SwiftASN1
import Wire
import X509

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The certificate a node makes itself: it says nothing but "whoever holds this Ed25519 key". Made anew at each start
/// and never stored; peers look at the key alone.
enum NodeCertificate {
    /// Back-dated, so that a peer whose clock is behind takes it.
    private static let backdate: TimeInterval = 3600
    private static let validity: TimeInterval = 10 * 365 * 86_400

    static func make(
        for key: Curve25519.Signing.PrivateKey
    ) throws -> (certificate: NIOSSLCertificate, key: NIOSSLPrivateKey) {
        let privateKey = Certificate.PrivateKey(key)
        let name = try DistinguishedName { CommonName("timenode") }
        let now = Date()
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: privateKey.publicKey,
            notValidBefore: now - backdate,
            notValidAfter: now + validity,
            issuer: name,
            subject: name,
            signatureAlgorithm: .ed25519,
            extensions: try Certificate.Extensions { Critical(BasicConstraints.notCertificateAuthority) },
            issuerPrivateKey: privateKey
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return (
            try NIOSSLCertificate(bytes: serializer.serializedBytes, format: .der),
            try NIOSSLPrivateKey(bytes: Array(privateKey.serializeAsPEM().pemString.utf8), format: .pem)
        )
    }
}

extension NIOSSLCertificate {
    /// `SubjectPublicKeyInfo` of an Ed25519 key up to the key itself (RFC 8410, section 4).
    private static let ed25519Prefix: [UInt8] = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]

    /// The identity that the certificate's key is; nil where it is not an Ed25519 key.
    var identity: Identity? {
        guard let info = try? extractPublicKey().toSPKIBytes(), info.starts(with: Self.ed25519Prefix) else {
            return nil
        }
        return Bytes32(info.dropFirst(Self.ed25519Prefix.count)).map(Identity.init(key:))
    }
}

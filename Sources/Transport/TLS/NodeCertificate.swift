import Crypto
import Kernel
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
/// and before the last one ends, and never stored; peers look at the key and at the end of its validity.
enum NodeCertificate {
    /// Back-dated, so that a peer whose clock is behind takes it.
    private static let backdate: TimeInterval = 3600

    /// - Parameter validity: from `now` on, in whole seconds.
    static func make(
        for key: Curve25519.Signing.PrivateKey, now: WallTime, validity: Duration
    ) throws -> (certificate: NIOSSLCertificate, key: NIOSSLPrivateKey) {
        let privateKey = Certificate.PrivateKey(key)
        let name = try DistinguishedName { CommonName("timenode") }
        let now = Date(timeIntervalSince1970: TimeInterval(now.milliseconds / 1000))
        let certificate = try Certificate(
            version: .v3,
            serialNumber: Certificate.SerialNumber(),
            publicKey: privateKey.publicKey,
            notValidBefore: now - backdate,
            notValidAfter: now + TimeInterval(validity.nanoseconds / 1_000_000_000),
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

    /// The identity that the certificate's key is; nil where it is not an Ed25519 key that a node may have.
    ///
    /// `extractPublicKey` ends the process where the library cannot make a key of what stands there, so it is only asked
    /// behind a look at the very bytes: there is one way to write such a key. (swift-certificates is no help: it takes
    /// keys, such as one with unused bits, that the library does not.) Both have to see the same.
    var identity: Identity? {
        guard let bytes = try? toDERBytes(), let seen = Self.keyInfo(in: bytes),
            seen.starts(with: Self.ed25519Prefix), let key = Bytes32(seen.dropFirst(Self.ed25519Prefix.count)),
            let info = try? extractPublicKey().toSPKIBytes(), info.elementsEqual(seen)
        else { return nil }
        return Identity(untrusted: key)
    }

    /// The bytes of a certificate's `SubjectPublicKeyInfo` (RFC 5280, section 4.1).
    private static func keyInfo(in certificate: [UInt8]) -> ArraySlice<UInt8>? {
        guard case .constructed(let parts)? = try? DER.parse(certificate).content,
            case .constructed(let nodes)? = parts.first(where: { _ in true })?.content
        else { return nil }
        let fields = Array(nodes)
        // Behind version, serial number, algorithm, issuer, dates and subject; the first is left out in version 1.
        let version = ASN1Identifier(tagWithNumber: 0, tagClass: .contextSpecific)
        let place = fields.first?.identifier == version ? 6 : 5
        return fields.indices.contains(place) ? fields[place].encodedBytes : nil
    }
}

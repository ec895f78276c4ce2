import Crypto
import Kernel
import NIOSSL
import SwiftASN1
import Wire
import X509

@testable import Transport

extension FuzzTarget {
    /// A peer's certificate, as the TLS library hands it over: its identity is an Ed25519 key or none, and the same key
    /// that another parser finds.
    static let certificates = FuzzTarget(
        name: "certificates",
        seeds: {
            let now = WallTime(milliseconds: 1_700_000_000_000)
            guard
                let own = try? NodeCertificate.make(
                    for: Curve25519.Signing.PrivateKey(), now: now, validity: .seconds(3_000_000)),
                let bytes = try? own.certificate.toDERBytes(), let other = try? otherCertificate()
            else { fatalError("no certificate can be made") }
            return [Seed(name: "node", bytes: bytes), Seed(name: "p256", bytes: other)]
        },
        run: { bytes in
            guard let certificate = try? NIOSSLCertificate(bytes: bytes, format: .der) else { return }
            let identity = certificate.identity
            guard let parsed = try? Certificate(derEncoded: bytes) else { return }
            let key = Curve25519.Signing.PublicKey(parsed.publicKey).map { Array($0.rawRepresentation) }
            promise(
                identity == nil || identity?.key.bytes == key,
                "two parsers see two keys: \(String(describing: identity))")
        }
    )

    /// Of a key that no node has.
    private static func otherCertificate() throws -> [UInt8] {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName { CommonName("other") }
        let certificate = try Certificate(
            version: .v3, serialNumber: Certificate.SerialNumber(), publicKey: key.publicKey,
            notValidBefore: .init(timeIntervalSince1970: 0), notValidAfter: .init(timeIntervalSince1970: 4e9),
            issuer: name, subject: name, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions {}, issuerPrivateKey: key
        )
        var serializer = DER.Serializer()
        try serializer.serialize(certificate)
        return serializer.serializedBytes
    }
}

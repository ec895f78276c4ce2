import Crypto
import NIOCore
import NIOSSL
import Wire

@testable import Kernel
@testable import Transport

/// TLS ends of a test's own making, which believe everybody.
enum TLSPeer {
    static func client(
        speaking protocols: [String] = [TLSSecurity.applicationProtocol], certificate: NIOSSLCertificate? = nil,
        key: NIOSSLPrivateKey? = nil
    ) throws -> NIOSSLClientHandler {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .noHostnameVerification
        configuration.verifySignatureAlgorithms = [.ed25519]
        configuration.applicationProtocols = protocols
        if let certificate, let key {
            configuration.certificateChain = [.certificate(certificate)]
            configuration.privateKey = .privateKey(key)
        }
        return try NIOSSLClientHandler(
            context: NIOSSLContext(configuration: configuration), serverHostname: nil,
            customVerificationCallback: { _, verdict in verdict.succeed(.certificateVerified) }
        )
    }

    static func client(
        _ own: (certificate: NIOSSLCertificate, key: NIOSSLPrivateKey)
    ) throws -> NIOSSLClientHandler {
        try client(certificate: own.certificate, key: own.key)
    }

    static func server(
        speaking protocols: [String], _ own: (certificate: NIOSSLCertificate, key: NIOSSLPrivateKey)
    ) throws -> NIOSSLServerHandler {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: [.certificate(own.certificate)], privateKey: .privateKey(own.key)
        )
        configuration.certificateVerification = .noHostnameVerification
        configuration.verifySignatureAlgorithms = [.ed25519]
        configuration.applicationProtocols = protocols
        return NIOSSLServerHandler(
            context: try NIOSSLContext(configuration: configuration),
            customVerificationCallback: { _, verdict in verdict.succeed(.certificateVerified) }
        )
    }
}

extension NodeCertificate {
    /// One that is valid now.
    static func fresh(
        for key: Curve25519.Signing.PrivateKey
    ) throws -> (certificate: NIOSSLCertificate, key: NIOSSLPrivateKey) {
        try make(for: key, now: HostClock().wall, validity: .seconds(3600))
    }

    /// One whose time was over an hour ago.
    static func expired(
        for key: Curve25519.Signing.PrivateKey
    ) throws -> (certificate: NIOSSLCertificate, key: NIOSSLPrivateKey) {
        let then = WallTime(milliseconds: HostClock().wall.milliseconds - 7_200_000)
        return try make(for: key, now: then, validity: .seconds(3600))
    }
}

extension AcceptLimits {
    /// Sixteen places, all for anybody, and no limit of pace.
    static let few = AcceptLimits(opening: 16, reserved: 0, perSecond: 100_000, perSecondPerSite: 100_000)
}

import Kernel
import Profile
import Testing
import Wire

@testable import Transport

@Suite struct TransportModuleTests {
    @Test("both modules have the same defaults and tell the driver what protects the bytes")
    func defaults() throws {
        for (descriptor, security) in [
            (TCPTransport.descriptor, TransportPort.Security.plain), (TLSTransport.descriptor, .tls),
        ] {
            guard case .transport(let make) = descriptor.factory else {
                Issue.record("\(descriptor.spec.id) is no transport")
                continue
            }
            let port = try make(try Options.defaults(of: descriptor.spec.options))
            #expect(
                port
                    == TransportPort(
                        listen: try #require(Endpoint("0.0.0.0:24100")), security: security,
                        connectTimeout: .seconds(10), sendQueueBytes: 4 << 20, limits: AcceptLimits(),
                        tlsTimeout: .seconds(5), certificateValidity: .seconds(30 * 86_400)
                    )
            )
        }
    }

    @Test("as many places kept for masternodes as there are leave none for strangers, which is refused")
    func reserved() throws {
        let check = try #require(TCPTransport.descriptor.spec.options.check)
        let options = try Options.defaults(of: TCPTransport.descriptor.spec.options)
        #expect(check(options).isEmpty)
        #expect(!check(options.setting("accept_reserved", to: .integer(256))).isEmpty)
    }
}

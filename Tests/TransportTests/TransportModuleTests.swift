import Kernel
import Profile
import Testing
import Wire

@testable import Transport

@Suite struct TransportModuleTests {
    @Test("both modules have the same options and tell the driver what protects the bytes")
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
                        connectTimeout: .seconds(10), sendQueueBytes: 4 << 20
                    )
            )
        }
    }
}

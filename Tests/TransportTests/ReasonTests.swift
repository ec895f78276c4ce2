import NIOCore
import NIOSSL
import Testing
import Wire

@testable import Transport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct ReasonTests {
    @Test(
        "what the system says has a word",
        arguments: [
            (ECONNREFUSED, Reason.connectionRefused), (ECONNRESET, .reset), (EPIPE, .reset),
            (EHOSTUNREACH, .unreachable), (ENETUNREACH, .unreachable), (ETIMEDOUT, .timedOut),
            (EADDRNOTAVAIL, .transportFailed),
        ]
    )
    func system(_ code: CInt, _ reason: Reason) {
        #expect(Reason(IOError(errnoCode: code, reason: "test"), isOpening: false) == reason)
    }

    @Test("the system's own time limit means the dial while there is no connection")
    func timeout() {
        #expect(Reason(IOError(errnoCode: ETIMEDOUT, reason: "test"), isOpening: true) == .connectTimeout)
        #expect(Reason(ChannelError.connectTimeout(.seconds(1)), isOpening: true) == .connectTimeout)
    }

    @Test("what the libraries say has a word")
    func libraries() {
        struct Strange: Error {}
        #expect(Reason(NIOSSLError.noCertificateToValidate, isOpening: true) == .tlsFailed)
        #expect(Reason(ChannelError.ioOnClosedChannel, isOpening: false) == .reset)
        #expect(Reason(Strange(), isOpening: false) == .transportFailed)
        let error = FrameError(code: .tooLarge, offset: 0, channel: 1, message: "test")
        #expect(Reason(error, isOpening: false) == .frameTooLarge)
    }
}

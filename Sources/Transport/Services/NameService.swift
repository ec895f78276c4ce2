import Kernel
import NIOCore
import NIOPosix
import Wire

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Looks names up on threads of its own: the system's resolver blocks, for as long as the network is ill.
///
/// Confined to the event loop, except for the look-ups.
final class NameService {
    /// An answer that takes longer is none.
    static let deadline: Duration = .seconds(10)
    /// Names that wait for an answer at a time, those included whose deadline has passed while the resolver goes on.
    static let mostWaiting = 32

    private let look: @Sendable (String) -> Resolution
    private let loop: any EventLoop
    private let threads = NIOThreadPool(numberOfThreads: 2)
    private var isStarted = false
    private var waiting = 0

    init(on loop: any EventLoop, look: @escaping @Sendable (String) -> Resolution) {
        self.loop = loop
        self.look = look
    }

    deinit {
        threads.shutdownGracefully { _ in }
    }

    /// Tells `done` on the event loop what has come of it, once, by the deadline.
    func resolve(_ name: String, within limit: Duration = deadline, done: @escaping (Resolution) -> Void) {
        guard waiting < Self.mostWaiting else { return done(.failed(.busy)) }
        if !isStarted { threads.start() }
        isStarted = true
        waiting += 1
        var isDone = false
        let timeout = loop.assumeIsolated().scheduleTask(in: TimeAmount(limit)) {
            guard !isDone else { return }
            isDone = true
            done(.failed(.timedOut))
        }
        let look = look
        threads.runIfActive(eventLoop: loop) { look(name) }.assumeIsolated().whenComplete { result in
            self.waiting -= 1
            timeout.cancel()
            guard !isDone else { return }
            isDone = true
            done((try? result.get()) ?? .failed(.unavailable))
        }
    }
}

/// The host's own resolver: its files, then the domain name system, as it is set up (getaddrinfo(3)).
public enum SystemResolver {
    /// Looks a name up; blocks.
    @Sendable public static func resolve(_ name: String) -> Resolution {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc)
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        guard status == 0 else { return .failed(failure(status)) }
        var addresses: [IPAddress] = []
        var next = list
        while let entry = next {
            if let address = address(of: entry.pointee) { addresses.append(address) }
            next = entry.pointee.ai_next
        }
        return Resolution(addresses: addresses)
    }

    private static func failure(_ status: Int32) -> Resolution.Failure {
        status == EAI_NONAME ? .unknownName : .unavailable
    }

    private static func address(of entry: addrinfo) -> IPAddress? {
        guard let raw = entry.ai_addr else { return nil }
        switch entry.ai_family {
        case AF_INET:
            return raw.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                IPAddress(version4: UInt32(bigEndian: $0.pointee.sin_addr.s_addr))
            }
        case AF_INET6:
            return raw.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { six in
                withUnsafeBytes(of: six.pointee.sin6_addr) { bytes in
                    // An address of one link is of no use without that link's name, which a peer's address has no room for.
                    if bytes[0] == 0xfe, bytes[1] & 0xc0 == 0x80 { return nil }
                    return IPAddress(
                        version6: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                    )
                }
            }
        default: return nil
        }
    }
}

import NIOCore
import Wire

extension Endpoint {
    /// The endpoint of a socket's address; nil for one that is not of TCP over IP.
    ///
    /// A socket that listens on `[::]` reports an IPv4 peer as `::ffff:a.b.c.d`; here that is `a.b.c.d`, so that a
    /// peer has one address whichever way it came.
    init?(_ address: SocketAddress?) {
        guard let address, let port = address.port, let text = address.ipAddress else { return nil }
        let mapped = "::ffff:"
        let plain = text.hasPrefix(mapped) && text.contains(".") ? String(text.dropFirst(mapped.count)) : text
        guard let ip = IPAddress(plain), let port = UInt16(exactly: port) else { return nil }
        self.init(ip: ip, port: port)
    }

    /// The address to give a socket.
    func socketAddress() throws -> SocketAddress {
        try SocketAddress(ipAddress: ip.description, port: Int(port))
    }
}

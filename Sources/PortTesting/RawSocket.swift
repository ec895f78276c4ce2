import Foundation
import Wire

/// TCP by hand on the loopback address: somebody who is no node.
enum RawSocket {
    /// Sends `bytes` and returns what comes back until the other end closes; nil where it did not within `limit`.
    static func exchange(_ bytes: [UInt8], with endpoint: Endpoint, within limit: Duration) async -> [UInt8]? {
        await onThread {
            guard let file = open() else { return nil }
            defer { close(file) }
            guard connect(file, to: endpoint) else { return nil }
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                // The other end may have had enough.
                guard count > 0 else { break }
                sent += count
            }
            return receive(file, until: ContinuousClock.now + limit)
        }
    }

    /// A connection on which nothing is said.
    final class Idle: Sendable {
        private let file = RawSocket.open()

        func connect(to endpoint: Endpoint) async -> Bool {
            await RawSocket.onThread { [file] in file.map { RawSocket.connect($0, to: endpoint) } ?? false }
        }

        func close() { if let file { _ = Foundation.close(file) } }

        /// Closes so that the host answers everything with a reset.
        func reset() {
            guard let file else { return }
            var option = linger(l_onoff: 1, l_linger: 0)
            setsockopt(file, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
            _ = Foundation.close(file)
        }
    }

    /// Something that takes connections in and never says a word, while `body` runs.
    static func listening<Value>(_ body: (Endpoint?) async throws -> Value) async rethrows -> Value {
        let file = open()
        defer { if let file { close(file) } }
        var address = socketAddress(of: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard let file else { return try await body(nil) }
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(file, address, length) == 0 && listen(file, 8) == 0 && getsockname(file, address, &length) == 0
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        return try await body(isBound ? Endpoint(ip: IPAddress(version4: 0x7f00_0001), port: port) : nil)
    }

    // MARK: -

    fileprivate static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: body()) }
        }
    }

    fileprivate static func open() -> Int32? {
        let file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        return file >= 0 ? file : nil
    }

    private static func socketAddress(of port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }

    fileprivate static func connect(_ file: Int32, to endpoint: Endpoint) -> Bool {
        var address = socketAddress(of: endpoint.port)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private static func receive(_ file: Int32, until deadline: ContinuousClock.Instant) -> [UInt8]? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let rest = ContinuousClock.now.duration(to: deadline)
            guard rest > .zero else { return nil }
            var entry = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
            guard poll(&entry, 1, Int32(clamping: rest.components.seconds * 1000 + 100)) > 0 else { continue }
            let count = recv(file, &chunk, chunk.count, 0)
            if count <= 0 { return bytes }
            bytes += chunk[..<count]
        }
    }
}

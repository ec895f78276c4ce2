import Foundation

/// One GET at a time over a plain socket: enough to ask a node, without a client library.
struct HTTPClient: Sendable {
    /// What came back.
    struct Answer: Sendable {
        let status: Int
        let body: [UInt8]
    }

    /// Why nothing came back, in words.
    struct Failure: Error, Sendable, CustomStringConvertible {
        let message: String
        var description: String { message }
    }

    let address: RPCAddress
    var timeout: Duration = .seconds(5)

    /// An answer that is longer is cut off.
    private static let limit = 16 * 1_024 * 1_024

    /// Asks for `path`, on a thread that may block.
    func get(_ path: String) async throws(Failure) -> Answer {
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Result { () throws(Failure) in try fetch(path) })
            }
        }
        return try result.get()
    }

    private func fetch(_ path: String) throws(Failure) -> Answer {
        let deadline = ContinuousClock.now + timeout
        let socket = try connect(by: deadline)
        defer { close(socket) }
        let request =
            "GET \(path) HTTP/1.1\r\nHost: \(address.authority)\r\nAccept: application/json\r\nConnection: close\r\n\r\n"
        try send(Array(request.utf8), over: socket, by: deadline)
        return try Self.parse(try receive(from: socket, by: deadline))
    }

    private func connect(by deadline: ContinuousClock.Instant) throws(Failure) -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(address.host, String(address.port), &hints, &list) == 0, let first = list else {
            throw Failure(message: "\(address.host) is no address that this machine knows")
        }
        defer { freeaddrinfo(list) }
        let file = socket(first.pointee.ai_family, Int32(SOCK_STREAM.rawValue), 0)
        guard file >= 0 else { throw failure("cannot make a socket") }
        _ = fcntl(file, F_SETFL, O_NONBLOCK)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        if Foundation.connect(file, first.pointee.ai_addr, first.pointee.ai_addrlen) != 0 {
            guard errno == EINPROGRESS else {
                defer { close(file) }
                throw failure("cannot connect")
            }
            do throws(Failure) {
                try wait(for: file, Int16(POLLOUT), by: deadline)
            } catch {
                close(file)
                throw error
            }
            var code: Int32 = 0
            var length = socklen_t(MemoryLayout<Int32>.size)
            getsockopt(file, SOL_SOCKET, SO_ERROR, &code, &length)
            guard code == 0 else {
                close(file)
                errno = code
                throw failure("cannot connect")
            }
        }
        return file
    }

    private func send(_ bytes: [UInt8], over file: Int32, by deadline: ContinuousClock.Instant) throws(Failure) {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Foundation.send(file, buffer.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
            }
            if count > 0 { sent += count } else { try retry(file, Int16(POLLOUT), by: deadline) }
        }
    }

    private func receive(from file: Int32, by deadline: ContinuousClock.Instant) throws(Failure) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1_024)
        while bytes.count < Self.limit {
            let count = recv(file, &chunk, chunk.count, 0)
            if count == 0 { return bytes }
            if count > 0 { bytes += chunk[..<count] } else { try retry(file, Int16(POLLIN), by: deadline) }
        }
        return bytes
    }

    private func retry(_ file: Int32, _ event: Int16, by deadline: ContinuousClock.Instant) throws(Failure) {
        switch errno {
        case EINTR: break
        case EAGAIN, EWOULDBLOCK: try wait(for: file, event, by: deadline)
        default: throw failure("the connection broke")
        }
    }

    private func wait(for file: Int32, _ event: Int16, by deadline: ContinuousClock.Instant) throws(Failure) {
        while true {
            let rest = ContinuousClock.now.duration(to: deadline)
            guard rest > .zero else { throw Failure(message: "no answer from \(address) within \(timeout)") }
            var entry = pollfd(fd: file, events: event, revents: 0)
            let milliseconds = rest.components.seconds * 1_000 + rest.components.attoseconds / 1_000_000_000_000_000
            if poll(&entry, 1, Int32(clamping: milliseconds + 1)) > 0 { return }
        }
    }

    private func failure(_ what: String) -> Failure {
        Failure(message: "\(what) to \(address): \(String(cString: strerror(errno)))")
    }

    /// Splits head and body; the server closes behind its answer, so the body is the rest.
    static func parse(_ bytes: [UInt8]) throws(Failure) -> Answer {
        let gap = Array("\r\n\r\n".utf8)
        guard let end = bytes.indices.dropLast(3).first(where: { Array(bytes[$0..<($0 + 4)]) == gap }) else {
            throw Failure(message: "the answer is not HTTP")
        }
        let words = String(decoding: bytes[..<end], as: UTF8.self).prefix { !$0.isNewline }.split(separator: " ")
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw Failure(message: "the answer is not HTTP")
        }
        return Answer(status: status, body: Array(bytes[(end + 4)...]))
    }
}

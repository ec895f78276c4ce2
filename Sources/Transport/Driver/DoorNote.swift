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

/// The word that a caller gets who is turned away before anything was made for it.
enum DoorNote {
    /// A fatal alert `access_denied` in the clear (RFC 8446, section 6.2): TLS has no better word before its handshake.
    static let alert: [UInt8] = [21, 3, 3, 0, 2, 2, 49]

    /// What a node with this transport says: a goodbye with the reason, or the alert.
    static func bytes(_ reason: Reason, security: TransportPort.Security) -> [UInt8] {
        guard security == .plain else { return alert }
        var buffer = ByteBuffer()
        FrameEncoder.encode(.goodbye(reason), into: &buffer)
        return Array(buffer.readableBytesView)
    }

    /// Writes it to a socket that its loop does not know yet; a fresh socket's buffer always takes it. Then ends the
    /// stream, and throws away what the caller has said: closing over unread bytes makes the system send a reset, which
    /// can overtake our word.
    static func send(_ reason: Reason, over channel: any NIOCore.Channel, security: TransportPort.Security) {
        let bytes = bytes(reason, security: security)
        // Whoever is gone already needs no word.
        try? channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) { socket in
            bytes.withUnsafeBytes { say($0, to: socket) }
        }
    }

    private static func say(_ bytes: UnsafeRawBufferPointer, to socket: NIOBSDSocket.Handle) {
        #if canImport(Darwin)
            _ = Darwin.send(socket, bytes.baseAddress, bytes.count, MSG_DONTWAIT)
        #elseif canImport(Glibc)
            _ = Glibc.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        #elseif canImport(Musl)
            _ = Musl.send(socket, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL))
        #endif
        shutdown(socket, Int32(SHUT_WR))
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { waste in
            _ = recv(socket, waste.baseAddress, waste.count, Int32(MSG_DONTWAIT))
        }
    }
}

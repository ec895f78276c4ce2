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
    /// What a node with this transport says: a goodbye with the reason, or the alert that stands for it.
    static func bytes(_ reason: Reason, security: TransportPort.Security) -> [UInt8] {
        guard security == .plain else { return DoorAlert(reason).record }
        var buffer = ByteBuffer()
        FrameEncoder.encode(.goodbye(reason), into: &buffer)
        return Array(buffer.readableBytesView)
    }

    /// Writes it to the socket past its loop; a fresh socket's buffer always takes it. Then ends the stream, and throws
    /// away what the caller has said: closing over unread bytes makes the system send a reset, which can overtake our
    /// word.
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

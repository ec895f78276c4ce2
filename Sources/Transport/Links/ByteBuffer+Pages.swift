import CPages
import NIOCore

extension ByteBuffer {
    /// Gives the memory behind what was written back to the system, in whole pages.
    ///
    /// SwiftNIO's TLS keeps 32 KiB for each link to read into, and hands them over with what it has read. Cut out of a heap
    /// that other links' handshakes have been through, all of them are resident: 26 KiB a link more for links that idle
    /// (`Benchmarks/`, `crowd idle`).
    ///
    /// - Precondition: no other copy of the buffer has anything behind this one's written part. SwiftNIO's TLS hands over all
    ///   that it has written, and begins at the front again.
    func giveBackUnwrittenPages() {
        let written = writerIndex
        withVeryUnsafeBytes { storage in
            guard let start = storage.baseAddress, storage.count > written else { return }
            // Where the system refuses, nothing is lost but the saving.
            _ = pages_give_back(start + written, storage.count - written)
        }
    }
}

import NIOCore

#if os(Linux)
    import Glibc
#endif

extension ByteBuffer {
    /// Gives the memory behind what was written back to the system, in whole pages; they are zeros when they are next
    /// looked at.
    ///
    /// SwiftNIO's TLS keeps 32 KiB for each link to read into and 16 KiB to write from. Cut out of a heap that other
    /// links' handshakes have been through, all of them are resident, while a link that idles needs next to nothing
    /// (`Benchmarks/`, `crowd idle`). macOS has no such call; there it does nothing.
    ///
    /// - Precondition: no other copy of the buffer has anything behind this one's written part. SwiftNIO's TLS hands over
    ///   all that it has written, and begins at the front again.
    func giveBackUnwrittenPages() {
        #if os(Linux)
            let written = writerIndex
            withVeryUnsafeBytes { storage in
                guard let start = storage.baseAddress else { return }
                let first = (start + written).alignedUp(toMultipleOf: Self.pageBytes)
                let end = (start + storage.count).alignedDown(toMultipleOf: Self.pageBytes)
                guard first < end else { return }
                // Where the system refuses, nothing is lost but the saving.
                madvise(UnsafeMutableRawPointer(mutating: first), end - first, MADV_DONTNEED)
            }
        #endif
    }

    #if os(Linux)
        private static let pageBytes = sysconf(Int32(_SC_PAGESIZE))
    #endif
}

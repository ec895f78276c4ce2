import CHeap

/// Where the process gets its large buffers from.
public enum LargeBuffers {
    /// Has each buffer of 32 KiB and more mapped by itself, in the whole process, so that it holds no more memory than
    /// the pages that were written to.
    ///
    /// SwiftNIO's TLS keeps 32 KiB for each link to read into, of which an idle link uses one page. Cut out of a heap that
    /// other links' handshakes have been through, all of it is resident: 30 KiB a link more (`Benchmarks/`, `crowd idle`).
    public static func mapOneByOne() {
        // Without glibc nothing is lost but the saving.
        _ = heap_map_from(32 * 1024)
    }
}

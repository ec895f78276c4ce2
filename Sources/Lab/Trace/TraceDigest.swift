import Kernel

/// The digest of a run: over every input and effect of every node, in order, and when and where the inputs were.
struct TraceDigest {
    private var hash = TraceHash()

    /// - Parameters:
    ///   - time: nanoseconds since the start of the run.
    ///   - node: its place among the run's nodes.
    mutating func add(_ input: Input, at time: Int64, node: Int) {
        let code = TraceCode(input)
        hash.add(UInt64(bitPattern: time), UInt64(node))
        hash.add(code.first << 8 | code.kind, code.second)
    }

    mutating func add(_ effect: Effect) {
        let code = TraceCode(effect)
        // Moment and node are those of the input before it.
        hash.add(code.first << 8 | 0x80 | code.kind, code.second)
    }

    /// Sixty-four hexadecimal digits.
    var text: String { hash.digest() }
}

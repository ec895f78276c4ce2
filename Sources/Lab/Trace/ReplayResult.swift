import Trace

/// What a replay gave.
package struct ReplayResult: Sendable {
    /// Records that were replayed and are equal.
    package var records = 0
    /// Inputs among them.
    package var inputs = 0
    /// Digest over the replayed inputs and effects, as a simulation computes it.
    package var digest = ""
    /// The digest that the trace ends with; nil where it has none.
    package var recordedDigest: String?
    package var divergence: Divergence?

    package var isEqual: Bool { divergence == nil && (recordedDigest == nil || recordedDigest == digest) }

    /// The first record that a replayed node does not confirm.
    package struct Divergence: Sendable, Hashable {
        /// Line of the trace.
        package var line: Int
        /// Nanoseconds since the start of the run.
        package var time: Int64
        /// Name of the node.
        package var node: String
        /// The input before, as it stands in the trace.
        package var input: String?
        /// What the trace has; nil where it has nothing more.
        package var expected: String?
        /// What the node did; nil where it did nothing more.
        package var actual: String?
        /// The first difference within the record, or what is wrong where no record shows it.
        package var detail: String?
    }
}

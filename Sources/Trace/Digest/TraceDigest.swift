import Kernel
import Wire

/// The digest of a run: over everything that its nodes were made from, told and asked for, in order, and when and where.
/// Two runs that differ in a byte that a module read or wrote have different digests.
package struct TraceDigest {
    private var sink = DigestSink()

    package init() {}

    /// A process begins.
    ///
    /// - Parameters:
    ///   - node: its place among the run's nodes.
    ///   - profile: SHA-256 of the effective profile that its modules are made from.
    package mutating func add(
        process start: UInt64, seed: UInt64, of node: Int, identity: Identity, endpoint: Endpoint,
        connectTimeout: Duration, profile: String, network: NetworkView
    ) {
        sink.field("process", start)
        sink.bits("seed", seed)
        sink.field("node", node)
        sink.field("identity", identity)
        sink.field("endpoint", endpoint)
        sink.field("connect_timeout_ns", connectTimeout)
        sink.field("profile", profile)
        sink.network(network)
    }

    /// A node gave an incoming connection its generation.
    ///
    /// - Parameter time: of the node's own clock, in nanoseconds.
    package mutating func add(admitted link: LinkID, from remote: Endpoint, at time: Int64, node: Int) {
        sink.field("t", time)
        sink.field("node", node)
        sink.field("admitted", link)
        sink.field("remote", remote)
    }

    /// A node took an input.
    package mutating func add(_ input: Input, at time: Int64, wall: WallTime, node: Int) {
        sink.field("t", time)
        sink.field("node", node)
        sink.field("wall_ms", wall.milliseconds)
        sink.input(input)
    }

    /// A node asked for this; moment and node are those of the input before it.
    package mutating func add(_ effect: Effect) { sink.effect(effect) }

    /// Sixty-four hexadecimal digits.
    package var text: String { sink.hash.digest() }
}

import Foundation
import NIOCore
import Profile

/// What the system lets the process have, against what a node needs to begin. Libraries end the process without a word where
/// they cannot make a thread or an event loop, so this is looked at first.
struct ResourceLimits: Sendable, Equatable {
    /// Files and sockets that may be open; nil where there is no limit.
    var descriptors: Int?
    /// Bytes of address space; nil where there is no limit.
    var addressSpace: Int?

    /// What is there before the node is made.
    struct Use: Sendable, Equatable {
        var openDescriptors: Int
        var addressSpace: Int
        var cores: Int
        /// What one thread's stack reserves.
        var stackBytes: Int
    }

    /// An event loop has a selector, a wake-up and a timer.
    private static let descriptorsPerLoop = 3
    /// Listening sockets, the lock of the data directory, the store's files, and some to spare.
    private static let ownDescriptors = 12
    /// Threads beside one for each core: the node's loop, disk, signatures, names, the log.
    private static let ownThreads = 12
    /// The node, its chain's window and what its peers may have waiting.
    private static let ownBytes = 512 << 20

    /// How many descriptors a node of so many masternodes needs to begin: its loops, its files, and one for each peer.
    static func descriptorsNeeded(_ use: Use, masternodes: Int) -> Int {
        use.openDescriptors + descriptorsPerLoop * (use.cores + 1) + ownDescriptors + max(0, masternodes - 1)
    }

    static func addressSpaceNeeded(_ use: Use) -> Int {
        use.addressSpace + (use.cores + ownThreads) * use.stackBytes + ownBytes
    }

    /// - Throws: a failure that names the limit, what is needed, and how to raise it.
    func expectEnough(_ use: Use, masternodes: Int) throws(CommandFailure) {
        let needed = Self.descriptorsNeeded(use, masternodes: masternodes)
        if let descriptors, descriptors < needed {
            throw CommandFailure(
                .failed,
                "this process may have \(descriptors) files and sockets open, and a node of \(masternodes) masternodes needs "
                    + "at least \(needed)",
                help: "Raise the limit: 'ulimit -n 4096' in the shell, 'LimitNOFILE=4096' in a systemd unit."
            )
        }
        let bytes = Self.addressSpaceNeeded(use)
        if let addressSpace, addressSpace < bytes {
            throw CommandFailure(
                .failed,
                "this process may have \(addressSpace >> 20) MiB of address space, and a node needs at least "
                    + "\(bytes >> 20) MiB",
                help: "Raise the limit: 'ulimit -v unlimited' in the shell, 'LimitAS=infinity' in a systemd unit. "
                    + "'MemoryMax=' bounds what a process uses and is the better limit."
            )
        }
    }

    /// Whether a command can ask a node: an event loop for each core, and a connection.
    ///
    /// - Throws: a failure that names the limit, what is needed, and how to raise it.
    func expectEnoughToAsk(_ use: Use) throws(CommandFailure) {
        let needed = use.openDescriptors + Self.descriptorsPerLoop * use.cores + 2
        guard let descriptors, descriptors < needed else { return }
        throw CommandFailure(
            .failed,
            "this process may have \(descriptors) files and sockets open, and asking a node takes at least \(needed)",
            help: "Raise the limit: 'ulimit -n 256' in the shell."
        )
    }

    /// The limits of this process.
    static var current: ResourceLimits {
        ResourceLimits(descriptors: soft(RLIMIT_NOFILE), addressSpace: soft(RLIMIT_AS))
    }

    private static func soft(_ resource: __rlimit_resource) -> Int? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return nil }
        return limit.rlim_cur > UInt64(Int.max) ? nil : Int(limit.rlim_cur)
    }
}

extension ResourceLimits.Use {
    /// What this process has now.
    static var current: ResourceLimits.Use {
        let pages =
            (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))
            .flatMap { $0.split(separator: " ").first }.flatMap { Int($0) } ?? 0
        let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count ?? 8
        return ResourceLimits.Use(
            openDescriptors: open, addressSpace: pages * sysconf(Int32(_SC_PAGESIZE)), cores: System.coreCount,
            stackBytes: min(ResourceLimits.stackLimit ?? 8 << 20, 64 << 20)
        )
    }
}

extension ResourceLimits {
    fileprivate static var stackLimit: Int? { soft(RLIMIT_STACK) }
}

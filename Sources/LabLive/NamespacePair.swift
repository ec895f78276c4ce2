import Foundation
import Synchronization

/// Two hosts on one machine, and a router between them: three network namespaces of Linux, joined by veth pairs.
///
/// The hosts' links never lose their carrier: what is taken away by ``drop()`` is the router's way to them, so both
/// kernels see a peer that has fallen silent, and nothing else. The router drops with blackhole routes, which answer
/// nothing (an unreachable route would send ICMP, which Linux takes as a hint to retransmit sooner), so no packet
/// filter has to be installed. The addresses exist inside the namespaces only; nothing of the machine is changed.
package final class NamespacePair: Sendable {
    /// One of the two hosts.
    package enum Host: String, Sendable, CaseIterable {
        case first = "a"
        case second = "b"

        /// Its address: 10.77.1.2 or 10.77.2.2.
        package var address: String { "10.77.\(number).2" }

        fileprivate var gateway: String { "10.77.\(number).1" }
        private var number: Int { self == .first ? 1 : 2 }
    }

    static let prefix = "timenode"
    private static let counter = Mutex(0)

    /// A name that no other namespace of this machine begins with; the process's number is in it.
    static func freshName() -> String {
        let number = counter.withLock { counter in
            counter += 1
            return counter
        }
        return "\(prefix)-\(getpid())-\(number)"
    }

    private let name: String
    private let ip: String
    private let isRemoved = Mutex(false)

    /// Makes the namespaces, and first removes those that a process which is gone has left behind.
    ///
    /// - Throws: ``LiveError`` `tool-failed` where this machine or this user may not; nothing is left then.
    package init() throws(LiveError) {
        guard let ip = Tool.path(of: "ip") else {
            throw LiveError(.toolFailed, "there is no 'ip' on this machine: install iproute2")
        }
        self.ip = ip
        self.name = Self.freshName()
        Self.removeLeftovers(ip)
        do throws(LiveError) {
            try build()
        } catch {
            remove()
            throw error
        }
    }

    deinit { remove() }

    /// The namespace of a host.
    package func namespace(_ host: Host) -> String { "\(name)-\(host.rawValue)" }

    private var router: String { "\(name)-r" }

    // MARK: Faults

    /// From now on every packet between the two hosts vanishes, both ways, and nobody is told.
    package func drop() throws(LiveError) { try route("add") }

    /// Undoes ``drop()``.
    package func heal() throws(LiveError) { try route("del") }

    private func route(_ verb: String) throws(LiveError) {
        let lines = Host.allCases.map { "route \(verb) blackhole \($0.address)/32\n" }.joined()
        try Tool.run(ip, ["-n", router, "-batch", "-"], input: lines)
    }

    /// Sets a kernel parameter of one host, such as `net.ipv4.tcp_retries2`, before its sockets are opened.
    package func set(_ parameter: String, to value: Int, on host: Host) throws(LiveError) {
        let path = "/proc/sys/" + parameter.replacing(".", with: "/")
        try Tool.run(ip, ["netns", "exec", namespace(host), "/bin/sh", "-c", "echo \(value) > \(path)"])
    }

    /// The command that runs a program on a host.
    package func command(on host: Host, _ program: String, _ arguments: [String]) -> (String, [String]) {
        (ip, ["netns", "exec", namespace(host), program] + arguments)
    }

    // MARK: Making and removing

    private func build() throws(LiveError) {
        let spaces = Host.allCases.map(namespace) + [router]
        try Tool.run(ip, ["-batch", "-"], input: spaces.map { "netns add \($0)\n" }.joined())
        var lines = ""
        for host in Host.allCases {
            let port = "to-\(host.rawValue)"
            // Both ends are born inside: the machine's own namespace never sees an interface.
            lines += "link add name \(port) type veth peer name eth0 netns \(namespace(host))\n"
            lines += "addr add \(host.gateway)/24 dev \(port)\nlink set \(port) up\n"
        }
        try Tool.run(ip, ["-n", router, "-batch", "-"], input: lines)
        for host in Host.allCases {
            let lines = """
                link set lo up
                addr add \(host.address)/24 dev eth0
                link set eth0 up
                route add default via \(host.gateway)

                """
            try Tool.run(ip, ["-n", namespace(host), "-batch", "-"], input: lines)
        }
        try Tool.run(
            ip, ["netns", "exec", router, "/bin/sh", "-c", "echo 1 > /proc/sys/net/ipv4/ip_forward"]
        )
    }

    /// Removes the namespaces and with them everything in them; calling it again does nothing.
    package func remove() {
        let isFirst = isRemoved.withLock { isRemoved in
            defer { isRemoved = true }
            return !isRemoved
        }
        guard isFirst else { return }
        for space in Host.allCases.map(namespace) + [router] { _ = try? Tool.run(ip, ["netns", "del", space]) }
    }

    /// A process that was killed could not clean up: its number is in the names.
    static func removeLeftovers(_ ip: String) {
        guard let list = try? Tool.run(ip, ["netns", "list"]) else { return }
        for line in list.split(whereSeparator: \.isNewline) {
            let parts = line.prefix { $0 != " " }.split(separator: "-")
            guard parts.count == 4, parts[0] == Substring(prefix), let process = Int32(parts[1]),
                kill(process, 0) != 0, errno == ESRCH
            else { continue }
            _ = try? Tool.run(ip, ["netns", "del", parts.joined(separator: "-")])
        }
    }

    // MARK: Whether it can be done here

    private static let reason: String? = {
        #if os(Linux)
            guard geteuid() == 0 else { return "network namespaces need root, and this process has user \(geteuid())" }
            do {
                try NamespacePair().remove()
                return nil
            } catch {
                return "network namespaces do not work here: \(error)"
            }
        #else
            return "network namespaces are Linux only"
        #endif
    }()

    /// Why pairs cannot be made on this machine by this user; nil where they can. Tried once a process.
    package static func unavailableReason() -> String? { reason }
}

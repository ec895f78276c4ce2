import Kernel
import Wire

/// Where the files of a testnet are.
///
/// `network.yaml`, `base.yaml` (unless a profile was given), and for each node `nodeN.yaml`, the directory `nodeN` with
/// its key, and `nodeN.log`.
struct TestnetLayout: Sendable {
    let directory: String

    var networkFile: String { Files.join(directory, "network.yaml") }
    var baseProfile: String { Files.join(directory, "base.yaml") }

    func profile(_ node: Int) -> String { Files.join(directory, "node\(node).yaml") }
    func dataDirectory(_ node: Int) -> String { Files.join(directory, "node\(node)") }
    func log(_ node: Int) -> String { Files.join(directory, "node\(node).log") }

    /// Whether `path` is the file of that name in the directory, or lies in the folder of that name.
    func holds(_ path: String, in name: String) -> Bool {
        let place = Files.absolute(Files.join(directory, name))
        let path = Files.absolute(path)
        return path == place || path.hasPrefix(place + "/")
    }

    /// The numbers of the nodes that have a profile, rising.
    var nodes: [Int] {
        (Files.names(in: directory) ?? []).compactMap { name in
            guard name.hasPrefix("node"), name.hasSuffix(".yaml") else { return nil }
            return Self.number(name.dropFirst(4).dropLast(5))
        }.sorted()
    }

    /// Whether `name` is that of a file which `testnet init` or `testnet up` makes.
    static func isOurs(_ name: String) -> Bool {
        if ["network.yaml", "base.yaml"].contains(name) { return true }
        guard name.hasPrefix("node") else { return false }
        var rest = name.dropFirst(4)
        for suffix in [".yaml", ".log"] where rest.hasSuffix(suffix) { rest = rest.dropLast(suffix.count) }
        return number(rest) != nil
    }

    private static func number(_ digits: Substring) -> Int? {
        digits.allSatisfy { ("0"..."9").contains($0) } ? Int(digits) : nil
    }
}

/// The loopback addresses of a testnet: a /24 of 127.0.0.0/8 drawn from the directory's path, so that several testnets
/// run beside each other and one testnet keeps its addresses.
struct TestnetAddresses: Sendable {
    /// More would not fit the /24.
    static let maximumNodes = 200

    private let second: UInt32
    private let third: UInt32

    /// - Parameter directory: its absolute path.
    init(directory: String) {
        // Its halves are folded: the low bits alone would follow the last characters.
        var hash = FNV1a.hash(directory.utf8)
        hash ^= hash >> 32
        // 127.0.x.y is where everything else of a machine lives.
        self.second = UInt32(1 + hash % 254)
        self.third = UInt32(hash / 254 % 256)
    }

    /// The address of the node with this number, from 1.
    func address(_ node: Int) -> IPAddress {
        IPAddress(version4: 127 << 24 | second << 16 | third << 8 | UInt32(node))
    }
}

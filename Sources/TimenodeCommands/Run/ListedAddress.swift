import Foundation
import Kernel
import Wire

/// Whether the network file has a masternode at a node's own address.
///
/// A node whose data directory is not mounted finds no key there. Where it is listed, a new key would make it a stranger at
/// its own address, and its slots would be missed.
struct ListedAddress: Sendable {
    /// Where the node listens.
    let listen: Endpoint
    /// Where it tells others to dial.
    let advertised: [Endpoint]
    /// The addresses that this host has.
    let hostAddresses: [IPAddress]

    /// The masternode that the network file has at one of the node's addresses; nil where it has none.
    func masternode(in network: NetworkView) -> NetworkView.Masternode? {
        network.masternodes.first { member in member.endpoint.map(isOwn) ?? false }
    }

    private func isOwn(_ endpoint: Endpoint) -> Bool {
        if advertised.contains(endpoint) { return true }
        guard listen.port == endpoint.port else { return false }
        return listen.ip == endpoint.ip || (listen.ip.isUnspecified && hostAddresses.contains(endpoint.ip))
    }

    /// - Throws: a failure that says what to do, where the node is listed and would make itself a new key.
    func expectNewIdentityIsWanted(in network: NetworkView, keyFile: String) throws(CommandFailure) {
        guard let member = masternode(in: network), let endpoint = member.endpoint else { return }
        throw CommandFailure(
            .failed,
            "the network file has masternode '\(member.name)' at \(endpoint), which is this node's address, and there is no "
                + "key \(keyFile)",
            help: """
                Is the data directory mounted? The key of \(member.identity.hex) belongs there.
                If this is to be another node, make its key with 'timenode keys new \(keyFile)' and correct the network file.
                """
        )
    }

    /// Every address of the network interfaces of this host.
    static func addressesOfHost() -> [IPAddress] {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return [] }
        defer { freeifaddrs(list) }
        var addresses: [IPAddress] = []
        var next = list
        while let entry = next {
            next = entry.pointee.ifa_next
            guard let address = entry.pointee.ifa_addr else { continue }
            let length: Int
            switch Int32(address.pointee.sa_family) {
            case AF_INET: length = MemoryLayout<sockaddr_in>.size
            case AF_INET6: length = MemoryLayout<sockaddr_in6>.size
            default: continue
            }
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            guard
                getnameinfo(address, socklen_t(length), &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0
            else { continue }
            let words = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            // A link-local address has its interface behind a percent sign.
            if let ip = IPAddress(String(decoding: words.prefix { $0 != UInt8(ascii: "%") }, as: UTF8.self)) {
                addresses.append(ip)
            }
        }
        return addresses
    }
}

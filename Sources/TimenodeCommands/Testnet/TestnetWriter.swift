import Foundation
import Kernel
import Profile
import Wire

/// Writes the files of a testnet.
struct TestnetWriter {
    let layout: TestnetLayout
    let nodes: Int
    let port: UInt16
    let rpcPort: UInt16
    let slotInterval: Duration
    let minimum: Int

    /// Writes everything and checks that the result would start.
    ///
    /// - Parameter profile: what every node extends; nil for a copy of the standard profile.
    func write(extending profile: String?) throws -> NetworkDescription {
        if profile == nil { try Files.write(StandardProfile.text, to: layout.baseProfile) }
        let base = profile ?? layout.baseProfile
        let network = try writeNetwork()
        let effective = try ProfileSource.load(base, overrides: [])
        for node in 1...nodes {
            let text = try nodeProfile(node, extending: base, effective)
            try Files.write(text, to: layout.profile(node))
        }
        // The first stands for all: they differ in addresses only.
        _ = try ProfileSource.load(layout.profile(1), overrides: [])
        return network
    }

    private var addresses: TestnetAddresses { TestnetAddresses(directory: Files.absolute(layout.directory)) }

    private func writeNetwork() throws -> NetworkDescription {
        var members: [Masternode] = []
        for node in 1...nodes {
            let directory = DataDirectory(path: layout.dataDirectory(node))
            try Files.makeDirectory(directory.path, mode: 0o700)
            let key = try IdentityKeyFile.create(at: directory.keyFile)
            members.append(
                Masternode(
                    name: "node\(node)", identity: key.identity.hex, host: addresses.address(node).description,
                    port: Int(port)
                )
            )
        }
        // A name of its own, so that the nodes of two testnets that meet refuse each other.
        let network = NetworkDescription(
            name: "testnet-" + (members.first?.identity.prefix(6) ?? "0"),
            genesis: WallTime.now.milliseconds / 1_000 * 1_000, slotInterval: slotInterval,
            minimumMasternodes: minimum, masternodes: members
        )
        try Files.write(network.render(), to: layout.networkFile)
        return network
    }

    /// What one node says beyond the profile it extends.
    private func nodeProfile(
        _ node: Int, extending base: String, _ effective: EffectiveProfile
    ) throws(CommandFailure) -> String {
        let host = addresses.address(node)
        guard let transport = effective.selection(role: Role.transport.rawValue), transport.options.has("listen") else {
            throw CommandFailure(
                .failed, "\(base) selects a transport without the option 'listen': a testnet cannot give it an address"
            )
        }
        var servers = effective.selections(role: Role.rpc.rawValue).map(\.id)
        if !servers.contains("http") { servers.append("http") }
        let path = Files.relativePath(to: Files.absolute(base), from: Files.absolute(layout.directory))
        return """
            # node\(node): what differs from the profile that all nodes of this testnet extend.
            extends: \(Self.quoted(path))
            node:
              network_file: ./network.yaml
              data_dir: ./node\(node)
            modules:
              transport: {\(transport.id): {listen: \(host):\(port)}}
              rpc: {use: [\(servers.joined(separator: ", "))], http: {listen: \(host):\(rpcPort)}}

            """
    }

    /// A YAML text in double quotes, which any path survives; `$` would begin a reference.
    private static func quoted(_ path: String) -> String {
        let escaped = path.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"")
            .replacingOccurrences(of: "${", with: "$${")
        return "\"\(escaped)\""
    }
}

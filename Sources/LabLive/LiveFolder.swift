import Foundation
import Kernel
import Lab
import Profile
import SystemErrors
import Wire

/// A profile as a live run needs it.
package struct LiveProfile: Sendable {
    /// The name that tables show.
    package var name: String
    package var path: String
    /// `--set` of each.
    package var overrides: [String]
    /// The application modules that it selects: declared load comes on top.
    package var workloads: [String]

    /// - Parameter profile: as it was loaded with the same overrides.
    package init(_ profile: EffectiveProfile, name: String? = nil, overrides: [String]) {
        self.name = name ?? profile.name
        self.path = profile.path
        self.overrides = overrides
        self.workloads = profile.selections(role: Role.workload.rawValue).map(\.id)
    }

    /// The load that a scenario declares, as overrides of this profile; both worlds can apply them.
    package func load(of scenario: Scenario) -> [String] {
        guard let traffic = scenario.traffic else { return [] }
        let modules = (workloads + ["traffic"]).joined(separator: ", ")
        return [
            "modules.workload.use=[\(modules)]",
            "modules.workload.traffic={request: \(traffic.requestBytes)B, reply: \(traffic.replyBytes)B, "
                + "interval: \(DurationText.format(traffic.interval))}",
        ]
    }
}

/// The files of the nodes of a live run: keys, network files, and a profile each that extends the one under test. Gone
/// when the value is.
final class LiveFolder: Sendable {
    static let rpcPort: UInt16 = 8_332
    private let path: String
    let identities: [Identity]

    /// Makes the folder and the keys.
    ///
    /// - Parameter ranks: the place of each host's identity in the order of all.
    /// - Throws: ``LiveError`` where that does not work.
    init(ranks: [Int], program: String) throws(LiveError) {
        let path =
            FileManager.default.temporaryDirectory
            .appendingPathComponent("timenode-live-\(UUID().uuidString)", isDirectory: true).path
        self.path = path
        do throws(LiveError) {
            identities = try Self.keys(ranks, in: path, program: program)
        } catch {
            try? FileManager.default.removeItem(atPath: path)
            throw error
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    private static func keys(_ ranks: [Int], in path: String, program: String) throws(LiveError) -> [Identity] {
        var made: [(identity: Identity, data: String)] = []
        for number in ranks.indices {
            let data = "\(path)/key-\(number + 1)"
            try writing(data) { data in
                try FileManager.default.createDirectory(
                    atPath: data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
                )
            }
            let text = try Tool.run(program, ["keys", "new", "\(data)/identity.key"])
            guard let identity = Identity(hex: text.trimmingCharacters(in: .whitespacesAndNewlines)) else {
                throw LiveError(.toolFailed, "'keys new' printed no identity: \(text)")
            }
            made.append((identity, data))
        }
        let sorted = made.sorted { $0.identity < $1.identity }
        for (host, rank) in ranks.enumerated() {
            try writing("\(path)/\(host + 1)") { data in
                try FileManager.default.moveItem(atPath: sorted[rank].data, toPath: data)
            }
        }
        return ranks.map { sorted[$0].identity }
    }

    /// Path of the profile of one node.
    func profile(_ host: Int) -> String { "\(path)/\(host + 1).yaml" }

    /// Writes the network file and the profile of each node.
    ///
    /// - Parameters:
    ///   - genesis: the start of the run, as in a simulation.
    ///   - endpoints: where the nodes listen.
    func write(
        _ scenario: Scenario, _ profile: LiveProfile, genesis: WallTime, endpoints: [Endpoint]
    ) throws(LiveError) {
        for host in endpoints.indices {
            let members = scenario.membersSeen(by: host).map { member in
                let isListed = scenario.network.listedEndpoint(of: member, seenBy: host) != nil
                return Masternode(
                    name: scenario.network.hosts[member].name, identity: identities[member].hex,
                    host: isListed ? endpoints[member].ip.description : nil,
                    port: isListed ? Int(endpoints[member].port) : nil
                )
            }
            let network = NetworkDescription(
                name: scenario.name, genesis: genesis.milliseconds, slotInterval: scenario.network.slotInterval,
                minimumMasternodes: scenario.network.minimumMasternodes, masternodes: members,
                bootstrap: scenario.network.bootstrap.map { endpoints[$0].description }
            )
            try write(network.render(), to: "network-\(host + 1).yaml")
            try write(
                Self.profile(host, profile, endpoint: endpoints[host]), to: "\(host + 1).yaml"
            )
        }
    }

    /// What one node says beyond the profile it extends.
    static func profile(_ host: Int, _ profile: LiveProfile, endpoint: Endpoint) -> String {
        let base = URL(fileURLWithPath: profile.path).standardizedFileURL.path
            .replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("${", with: "$${")
        return """
            # What differs from the profile under test.
            extends: "\(base)"
            node: {network_file: ./network-\(host + 1).yaml, data_dir: ./\(host + 1)}
            modules:
              transport: {tcp: {listen: "\(endpoint)"}, tls: {listen: "\(endpoint)"}}
              rpc: {use: [http], http: {listen: "\(endpoint.ip):\(rpcPort)"}}

            """
    }

    private func write(_ text: String, to name: String) throws(LiveError) {
        try Self.writing("\(path)/\(name)") { try Data(text.utf8).write(to: URL(fileURLWithPath: $0)) }
    }

    private static func writing(_ path: String, _ body: (String) throws -> Void) throws(LiveError) {
        do {
            try body(path)
        } catch {
            throw LiveError(.fileFailed, "cannot write \(path): \(SystemErrorText.of(error))")
        }
    }
}
